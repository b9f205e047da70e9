package io.ringway.stack.memory;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One process's or machine's place on a {@link MemoryNetwork}. Any thread. */
public final class MemoryPort implements Port, Peer {
    static final int SLOT = 256;
    private static final int LINKS = 24;
    private static final int RECEIVE_FRAMES = 8192;

    final MemoryNetwork network;
    final MemorySegment memory;
    final MemorySegment readOnly;
    final FrameTable frames;
    /** Frames that a wire's packets are received into; unused where the sender's own are handed over. */
    final FrameTable received;

    private final String name;
    private final List<MemoryQueue> queues = new ArrayList<>();
    private long nextSlots = SLOT;
    private volatile boolean alive = true;

    MemoryPort(MemoryNetwork network, String name) {
        this.network = network;
        this.name = name;
        MemoryNetwork.Setup setup = network.setup();
        int largest = setup.capabilities().maxPayload();
        int[] sizes = largest > 1 << 14 ? new int[] {1 << 11, 1 << 14, largest} : new int[] {2048};
        long slots = SLOT + (long) LINKS * setup.slots() * SLOT;
        long receive = slots + FrameTable.bytes(sizes, setup.frames());
        int[] receiveSizes = {2048};
        int receiveCount = setup.capabilities().lossless() ? 1 : RECEIVE_FRAMES;
        long bytes = receive + FrameTable.bytes(receiveSizes, receiveCount);
        memory = Arena.ofAuto().allocate(bytes, 64);
        readOnly = memory.asReadOnly();
        frames = new FrameTable(network, memory, slots, sizes, setup.frames(), setup.poison());
        received = new FrameTable(network, memory, receive, receiveSizes, receiveCount, setup.poison());
    }

    /** Memory for the slots of one more link. */
    synchronized long takeSlots() {
        long at = nextSlots;
        nextSlots += (long) network.setup().slots() * SLOT;
        if (nextSlots > SLOT + (long) LINKS * network.setup().slots() * SLOT) {
            throw new IllegalStateException("more than " + LINKS + " links");
        }
        return at;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Capabilities capabilities() {
        return network.setup().capabilities();
    }

    @Override
    public synchronized MemoryQueue openQueue() {
        MemoryQueue queue = new MemoryQueue(this, queues.size());
        queues.add(queue);
        return queue;
    }

    /** The way to a queue of another port. */
    @Override
    public Route routeTo(DeviceQueue target) {
        return new MemoryRoute(this, (MemoryQueue) target.device());
    }

    private volatile boolean stopped;

    @Override
    public boolean stopped() {
        return stopped;
    }

    /** The process is stopped, as by SIGSTOP. */
    public void stop() {
        stopped = true;
    }

    @Override
    public Link link(DeviceQueue queue, Route route) {
        return ((MemoryQueue) queue.device()).linkTo(((MemoryRoute) route).target());
    }

    @Override
    public Link link(DeviceQueue queue, Link other) {
        return ((MemoryQueue) queue.device()).linkTo(((MemoryLink) other).to);
    }

    @Override
    public boolean alive() {
        return alive;
    }

    /** The process dies; what it published stays readable. Only while no other thread uses the network. */
    public synchronized void die() {
        alive = false;
        for (MemoryQueue queue : queues) {
            queue.die();
        }
    }

    synchronized long nextArrival() {
        long next = Long.MAX_VALUE;
        for (MemoryQueue queue : queues) {
            next = Math.min(next, queue.nextArrival());
        }
        return next;
    }

    /** Frames of this port that are not free, other than the {@link #lend lent} ones, and received frames not released. */
    synchronized int outstanding() {
        int sum = frames.outstanding() + received.outstanding();
        for (MemoryQueue queue : queues) {
            sum += queue.held();
        }
        return sum;
    }

    synchronized void describe(StringBuilder b) {
        b.append(name).append(':');
        frames.describe(b);
        for (MemoryQueue queue : queues) {
            b.append(" held by queue ").append(queue.id()).append(": ").append(queue.held());
        }
        b.append("; ");
    }

    @Override
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return new Resolution.Refused(Resolution.Reason.NO_ROUTE);
    }

    @Override
    public AutoCloseable publish(IpEndpoint bound, boolean dualStack, DeviceQueue queue) {
        return () -> {};
    }

    @Override
    public int claimLocalPort(IpEndpoint destination) {
        return 0;
    }

    @Override
    public void releaseLocalPort(IpEndpoint destination, int port) {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return name;
    }
}
