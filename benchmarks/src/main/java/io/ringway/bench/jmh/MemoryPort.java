package io.ringway.bench.jmh;

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
import org.jspecify.annotations.Nullable;

/**
 * A port whose queues exchange frames within one thread, through plain arrays: what a stack costs beside the device.
 * All queues share one memory and one list of frames.
 */
final class MemoryPort implements Port {
    static final int SLOT_BYTES = 256;
    static final int SLOTS = 256;
    static final int FRAME_BYTES = 1 << 16;

    private static final int LINKS = 8;
    private static final int FRAMES = 256;
    private static final long FIRST_FRAME = (long) LINKS * SLOTS * SLOT_BYTES;
    private static final Capabilities CAPABILITIES = new Capabilities(true, true, FRAME_BYTES, SLOT_BYTES - 64);

    /** The process itself. */
    private static final Peer SELF = new Peer() {
        @Override
        public String name() {
            return "self";
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public boolean stopped() {
            return false;
        }
    };

    /** The way to a queue of this port. */
    record To(MemoryPort port, MemoryQueue target) implements Route {
        @Override
        public IpEndpoint source() {
            return IpEndpoint.v4(0x7f000001, 0);
        }

        @Override
        public Peer peer() {
            return SELF;
        }
    }

    private final MemorySegment memory = Arena.ofAuto().allocate(FIRST_FRAME + (long) FRAMES * FRAME_BYTES, 64);
    private final long[] freeFrames = new long[FRAMES];
    private final int[] users = new int[FRAMES];
    private int free;
    private int links;
    private int queues;

    MemoryPort() {
        memory.fill((byte) 0);
        for (int i = FRAMES - 1; i >= 0; i--) {
            freeFrames[free++] = FIRST_FRAME + (long) i * FRAME_BYTES;
        }
    }

    MemorySegment memory() {
        return memory;
    }

    /** Where the ring of a new link begins. */
    long newRing() {
        if (links == LINKS) {
            throw new IllegalStateException("More than " + LINKS + " links");
        }
        return (long) links++ * SLOTS * SLOT_BYTES;
    }

    long allocate() {
        if (free == 0) {
            return 0;
        }
        long frame = freeFrames[--free];
        users[index(frame)] = 1;
        return frame;
    }

    void use(long frame) {
        users[index(frame)]++;
    }

    void release(long frame) {
        if (--users[index(frame)] == 0) {
            freeFrames[free++] = frame;
        }
    }

    private static int index(long frame) {
        return (int) ((frame - FIRST_FRAME) / FRAME_BYTES);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public MemoryQueue openQueue() {
        return new MemoryQueue(this, queues++);
    }

    @Override
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return new Resolution.Refused(Resolution.Reason.NO_ROUTE);
    }

    @Override
    public Route routeTo(DeviceQueue queue) {
        throw new IllegalStateException("Not needed here");
    }

    @Override
    public Link link(DeviceQueue queue, Route route) {
        return ((MemoryQueue) queue).linkTo(((To) route).target());
    }

    @Override
    public Link link(DeviceQueue queue, Link other) {
        return ((MemoryQueue) queue).linkTo(((MemoryLink) other).target());
    }

    static Peer self() {
        return SELF;
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
}
