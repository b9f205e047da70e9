package io.ringway.stack.memory;

import io.ringway.nic.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Ports joined back to back, each standing for a process or machine, with one virtual clock and one seed. */
public final class MemoryNetwork {
    /**
     * How the ports are made.
     *
     * @param slots per transmit ring, a power of two
     * @param frames of each size per port
     * @param poison whether memory is overwritten as soon as nobody may look at it any more
     * @param faults for ports that can lose
     */
    public record Setup(Capabilities capabilities, int slots, int frames, boolean poison, Faults faults) {
        public Setup withSlots(int newSlots) {
            return new Setup(capabilities, newSlots, frames, poison, faults);
        }

        public Setup withFrames(int newFrames) {
            return new Setup(capabilities, slots, newFrames, poison, faults);
        }

        public Setup withoutPoison() {
            return new Setup(capabilities, slots, frames, false, faults);
        }

        public Setup withCapabilities(Capabilities newCapabilities) {
            return new Setup(newCapabilities, slots, frames, poison, faults);
        }
    }

    /** As the shared-memory NIC. */
    public static final Setup LOSSLESS =
            new Setup(new Capabilities(true, true, 1 << 16, 240), 512, 128, true, Faults.NONE);

    /** As a wire with a maximum transmission unit of 1,500. */
    public static Setup lossy(Faults faults) {
        return new Setup(new Capabilities(false, false, 1440, 128), 512, 256, true, faults);
    }

    /** The same, but it takes the pipelines to send more than {@code mtu} bytes at once, and to get more. */
    public static Setup cut(boolean lossless, int mtu, Faults faults) {
        Capabilities capabilities =
                new Capabilities(lossless, lossless, 1 << 16, lossless ? 240 : 128, mtu, false, false);
        return new Setup(capabilities, 512, 128, true, faults);
    }

    private final Setup setup;
    private final List<MemoryPort> ports = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final @Nullable Random random;
    private volatile long now = 1_000_000_000L;
    private long packets;

    public MemoryNetwork(Setup setup, long seed) {
        this.setup = setup;
        random = new Random(seed);
    }

    public Setup setup() {
        return setup;
    }

    Random random() {
        return random;
    }

    public synchronized MemoryPort port(String name) {
        MemoryPort port = new MemoryPort(this, name);
        ports.add(port);
        return port;
    }

    public long now() {
        return now;
    }

    public void advanceTo(long time) {
        if (time < now) {
            throw new IllegalArgumentException("time goes forward");
        }
        now = time;
    }

    synchronized long nextPacketNumber() {
        return packets++;
    }

    /** When the next packet reaches a queue; Long.MAX_VALUE: none is on its way. */
    public synchronized long nextArrival() {
        long next = Long.MAX_VALUE;
        for (MemoryPort port : ports) {
            next = Math.min(next, port.nextArrival());
        }
        return next;
    }

    /** A breach of the contract of device queues: fails the caller, and the test at its end. */
    AssertionError violation(String what) {
        synchronized (violations) {
            violations.add(what);
        }
        return new AssertionError(what);
    }

    /** Fails if a contract was broken at any time. */
    public void check() {
        synchronized (violations) {
            if (!violations.isEmpty()) {
                throw new AssertionError("contract of device queues broken: " + violations);
            }
        }
    }

    /** Frames that somebody still holds; those that serve as read positions are not counted. */
    public synchronized int outstanding() {
        int sum = 0;
        for (MemoryPort port : ports) {
            sum += port.outstanding();
        }
        return sum;
    }

    public synchronized String describeOutstanding() {
        StringBuilder b = new StringBuilder();
        for (MemoryPort port : ports) {
            port.describe(b);
        }
        return b.toString();
    }
}
