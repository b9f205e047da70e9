package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import io.ringway.linux.SharedMemory;
import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * This process's place on the shared-memory NIC: its memory, its queues, and the peers that it exchanges frames with.
 * Any thread, except where it says otherwise.
 */
public final class FabricPort implements Port {
    private static final Capabilities CAPABILITIES =
            new Capabilities(true, true, FrameStore.LARGEST, Layout.INLINE);

    private final FabricSettings settings;
    private final long nonce = new SecureRandom().nextLong();
    private final SharedMemory shared;
    private final MemorySegment memory;
    private final FabricMemory fabricMemory;
    private final AtomicReferenceArray<@Nullable FabricQueue> queues = new AtomicReferenceArray<>(Layout.QUEUES);
    private final FabricPeer self;
    private int nextQueue;
    private volatile FabricPeer[] peers;
    private volatile long peersVersion;

    private FabricPort(FabricSettings settings) throws LinuxException {
        this.settings = settings;
        this.shared = SharedMemory.create("ringway", settings.memoryBytes());
        this.memory = shared.segment();
        this.fabricMemory = new FabricMemory(memory);
        Layout.set(memory, Layout.HEADER_VERSION, settings.newestVersion());
        Layout.set(memory, Layout.HEADER_NONCE, nonce);
        Layout.set(memory, Layout.HEADER_SIZE, memory.byteSize());
        Layout.setRelease(memory, Layout.HEADER_MAGIC, Layout.MAGIC);
        String name = ProcessHandle.current().pid() + (settings.guestName().isEmpty() ? "" : " " + settings.guestName());
        this.self = new SelfPeer(this, name, fabricMemory.takeBlock(Layout.PAIR_BYTES));
        this.peers = new FabricPeer[] {self};
    }

    /**
     * Joins the fabric. Nothing is visible to other processes before the first listener is published or a listener of
     * another process is found.
     *
     * @throws LinuxException when the system gives no shared memory
     */
    public static FabricPort open(FabricSettings settings) throws LinuxException {
        return new FabricPort(settings);
    }

    @Override
    public String name() {
        return "fabric";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    public FabricSettings settings() {
        return settings;
    }

    MemorySegment memory() {
        return memory;
    }

    FabricMemory fabricMemory() {
        return fabricMemory;
    }

    long nonce() {
        return nonce;
    }

    FabricPeer self() {
        return self;
    }

    FabricPeer[] peers() {
        return peers;
    }

    long peersVersion() {
        return peersVersion;
    }

    @Override
    public FabricQueue openQueue() {
        try {
            return openQueue(EventFd.create());
        } catch (LinuxException e) {
            throw new IllegalStateException("no doorbell for a device queue", e);
        }
    }

    private synchronized FabricQueue openQueue(EventFd doorbell) {
        for (int i = 0; i < Layout.QUEUES; i++) {
            int id = nextQueue++ & Integer.MAX_VALUE;
            int line = id & Layout.QUEUES - 1;
            if (queues.get(line) == null) {
                FabricQueue queue = new FabricQueue(this, id, doorbell);
                queues.set(line, queue);
                return queue;
            }
        }
        doorbell.close();
        throw new IllegalStateException("more than " + Layout.QUEUES + " device queues");
    }

    /** The queue of this number, or null. */
    @Nullable FabricQueue queue(int id) {
        FabricQueue queue = queues.get(id & Layout.QUEUES - 1);
        return queue != null && queue.id() == id ? queue : null;
    }

    /** The queue in this line of the queue table, which has one. */
    FabricQueue queueAt(int line) {
        FabricQueue queue = queues.get(line);
        if (queue == null) {
            throw new IllegalArgumentException("no queue in line " + line);
        }
        return queue;
    }

    void queueClosed(FabricQueue queue) {
        // Its rings are taken apart by housekeeping.
    }

    /** A peer is gone, or treated so: every queue is told with its next poll. */
    synchronized void lose(FabricPeer peer, String why) {
        if (peer.isGone()) {
            return;
        }
        peer.markGone();
        peers = Arrays.stream(peers).filter(p -> p != peer).toArray(FabricPeer[]::new);
        peersVersion = peersVersion + 1;
        for (int i = 0; i < Layout.QUEUES; i++) {
            FabricQueue queue = queues.get(i);
            if (queue != null) {
                queue.ring();
            }
        }
    }

    /** The link from a queue to a peer's queue. The queue's thread. */
    @Override
    public Link link(DeviceQueue queue, Route route) {
        FabricRoute to = (FabricRoute) route;
        return ((FabricQueue) queue).link(to.fabricPeer(), to.target());
    }

    /** The link from another queue to the same queue of the same peer. The queue's thread. */
    @Override
    public Link link(DeviceQueue queue, Link other) {
        FabricLink like = (FabricLink) other;
        return ((FabricQueue) queue).link(like.peer, like.target);
    }

    @Override
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return new Resolution.Refused(Resolution.Reason.PEER_NOT_ON_FABRIC);
    }

    @Override
    public AutoCloseable publish(IpEndpoint bound, boolean dualStack, DeviceQueue queue) {
        return () -> {};
    }

    @Override
    public int claimLocalPort() {
        return 0;
    }

    @Override
    public void releaseLocalPort(int port) {}

    @Override
    public void close() {}
}
