package io.ringway.linux;

import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;

/** Waits until one of several descriptors is ready. One thread at a time; doesn't allocate once its room has grown. */
public final class Poller {
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLERR = 8;
    private static final int POLLHUP = 16;
    private static final int ENTRY = 8;
    private static final int TIMESPEC = 16;
    private static final long NANOS = 1_000_000_000L;

    private final int events;
    private Struct struct = Struct.collected(TIMESPEC + 16 * ENTRY);

    /** Waits for descriptors to be readable. */
    public Poller() {
        this(POLLIN);
    }

    private Poller(int events) {
        this.events = events;
    }

    /** Waits for descriptors to be writable. */
    static Poller forWriting() {
        return new Poller(POLLOUT);
    }

    /** Whether a hang-up or an error is pending at {@code descriptor}, which is open. Any thread; allocates. */
    public static boolean isHungUp(int descriptor) throws LinuxException {
        Poller poller = new Poller(0);
        poller.poll(new int[] {descriptor}, 1, 0, new boolean[1]);
        return (poller.struct.bytes.getShort(TIMESPEC + 6) & (POLLERR | POLLHUP)) != 0;
    }

    /**
     * Waits. A signal doesn't end the wait. An error or a hang-up counts as ready, and so does a number that is not
     * open: the next call on it tells.
     *
     * @param descriptors the first {@code count} are looked at; negative ones are never ready
     * @param timeoutMillis how long at most; 0 to look only, negative for ever
     * @param ready the first {@code count} are set
     * @return how many are ready, 0 when the time is over
     */
    public int poll(int[] descriptors, int count, int timeoutMillis, boolean[] ready) throws LinuxException {
        if (TIMESPEC + count * ENTRY > struct.bytes.capacity()) {
            struct = Struct.collected(TIMESPEC + 2 * count * ENTRY);
        }
        for (int i = 0; i < count; i++) {
            struct.bytes.putInt(TIMESPEC + i * ENTRY, descriptors[i]);
            struct.bytes.putInt(TIMESPEC + i * ENTRY + 4, events);
        }
        int found = await(count, timeoutMillis);
        for (int i = 0; i < count; i++) {
            ready[i] = struct.bytes.getShort(TIMESPEC + i * ENTRY + 6) != 0;
        }
        return found;
    }

    private int await(int count, int timeoutMillis) throws LinuxException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            struct.bytes.putLong(0, left / NANOS);
            struct.bytes.putLong(8, left % NANOS);
            long timeout = timeoutMillis < 0 ? 0 : struct.address;
            long result = Kernel.call(SystemCall.PPOLL, struct.address + TIMESPEC, count, timeout, 0);
            Reference.reachabilityFence(struct);
            if (result != -Errno.EINTR) {
                return (int) Kernel.check("ppoll", result);
            }
            left = Math.max(0, end - System.nanoTime());
        }
    }
}
