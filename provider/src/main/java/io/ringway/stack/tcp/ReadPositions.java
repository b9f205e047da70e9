package io.ringway.stack.tcp;

import io.ringway.memory.Words;
import io.ringway.nic.DeviceQueue;

/**
 * Words in the memory that peers can read, one per connection: how many bytes its program has read. When a process
 * dies, its peers see there whether it left bytes unread, which is the difference between the end of a stream and a
 * reset. Claimed and dropped by the owner; each word is written by the connection's reading thread.
 */
public final class ReadPositions {
    /** What stands there until the connection is accepted. */
    static final long NOT_ACCEPTED = -1;

    /** A cache line each, so that readers on different threads don't disturb one another. */
    private static final int SPACING = 64;

    private static final int CHUNK = 2048;

    private final DeviceQueue queue;
    private final Words memory;
    private final boolean visible;
    private long[] free = new long[CHUNK / SPACING];
    private int count;

    public ReadPositions(DeviceQueue queue) {
        this.queue = queue;
        memory = new Words(queue.memory());
        visible = queue.capabilities().lossless();
    }

    /** Any thread. */
    void set(long at, long bytesRead) {
        memory.setRelease(at, bytesRead);
    }

    /** A word set to 0; 0 where peers can't read memory, or none is left. */
    long claim() {
        if (count == 0 && !(visible && more())) {
            return 0;
        }
        long at = free[--count];
        set(at, 0);
        return at;
    }

    private boolean more() {
        long frame = queue.allocate(CHUNK);
        if (frame == 0) {
            return false;
        }
        for (int i = 0; i < CHUNK; i += SPACING) {
            drop(frame + i);
        }
        return true;
    }

    void drop(long at) {
        if (count == free.length) {
            long[] larger = new long[count * 2];
            System.arraycopy(free, 0, larger, 0, count);
            free = larger;
        }
        free[count++] = at;
    }
}
