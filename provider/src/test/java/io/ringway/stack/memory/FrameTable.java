package io.ringway.stack.memory;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The frames of one port, in three sizes, and who holds them. Any thread. */
final class FrameTable {
    private static final int ALLOCATED = 1 << 30;
    private static final int FREED = 1 << 29;
    private static final int COUNT = FREED - 1;

    private final MemoryNetwork network;
    private final Queue<MemoryQueue> waiting = new ConcurrentLinkedQueue<>();
    private volatile long returns; // written under the monitor
    private final MemorySegment memory;
    private final boolean poison;
    private final int[] sizes;
    private final long[] starts;
    private final int perSize;
    private final int[] states;
    private final int[][] free;
    private final int[] freeCount;

    FrameTable(MemoryNetwork network, MemorySegment memory, long start, int[] sizes, int perSize, boolean poison) {
        this.network = network;
        this.memory = memory;
        this.sizes = sizes;
        this.perSize = perSize;
        this.poison = poison;
        starts = new long[sizes.length];
        states = new int[sizes.length * perSize];
        free = new int[sizes.length][perSize];
        freeCount = new int[sizes.length];
        long at = start;
        for (int c = 0; c < sizes.length; c++) {
            starts[c] = at;
            at += (long) sizes[c] * perSize;
            for (int i = 0; i < perSize; i++) {
                free[c][i] = c * perSize + perSize - 1 - i;
            }
            freeCount[c] = perSize;
        }
    }

    static long bytes(int[] sizes, int perSize) {
        long sum = 0;
        for (int size : sizes) {
            sum += (long) size * perSize;
        }
        return sum;
    }

    /** A number that changes when a frame is free again. */
    long returns() {
        return returns;
    }

    /** Rings for {@code queue} with the next frame that is free again, once. */
    void wantedBy(MemoryQueue queue) {
        waiting.add(queue);
    }

    synchronized long allocate(int size) {
        if (size < 1 || size > sizes[sizes.length - 1]) {
            throw network.violation("allocate " + size);
        }
        for (int c = 0; c < sizes.length; c++) {
            if (size <= sizes[c] && freeCount[c] > 0) {
                int index = free[c][--freeCount[c]];
                states[index] = ALLOCATED;
                return offset(index);
            }
        }
        return 0;
    }

    int capacity(long frame) {
        return sizes[index(frame, "capacity") / perSize];
    }

    private long offset(int index) {
        int c = index / perSize;
        return starts[c] + (long) (index % perSize) * sizes[c];
    }

    private int index(long frame, String what) {
        for (int c = 0; c < sizes.length; c++) {
            long inside = frame - starts[c];
            if (inside >= 0 && inside < (long) sizes[c] * perSize) {
                if (inside % sizes[c] != 0) {
                    break;
                }
                return c * perSize + (int) (inside / sizes[c]);
            }
        }
        throw network.violation(what + ": no frame: " + frame);
    }

    synchronized void free(long frame) {
        int index = index(frame, "free");
        if ((states[index] & (ALLOCATED | FREED)) != ALLOCATED) {
            throw network.violation("frame freed that is free: " + frame);
        }
        states[index] |= FREED;
        recycle(index);
    }

    synchronized void committed(long frame, long payloadOffset, int payloadLength) {
        int index = index(frame, "commit");
        if ((states[index] & (ALLOCATED | FREED)) != ALLOCATED) {
            throw network.violation("commit of a frame that is free: " + frame);
        }
        if (payloadOffset < frame || payloadOffset + payloadLength > frame + sizes[index / perSize]) {
            throw network.violation("payload outside of its frame");
        }
        states[index]++;
    }

    synchronized void released(long frame) {
        int index = index(frame, "release");
        if ((states[index] & COUNT) == 0) {
            throw network.violation("frame released more often than committed: " + frame);
        }
        states[index]--;
        recycle(index);
    }

    private void recycle(int index) {
        if (states[index] == (ALLOCATED | FREED)) {
            states[index] = 0;
            int c = index / perSize;
            if (poison) {
                memory.asSlice(offset(index), sizes[c]).fill((byte) 0xee);
            }
            free[c][freeCount[c]++] = index;
            returns++;
            for (MemoryQueue queue = waiting.poll(); queue != null; queue = waiting.poll()) {
                queue.ring();
            }
        }
    }

    synchronized int outstanding() {
        int sum = 0;
        for (int state : states) {
            if (state != 0) {
                sum++;
            }
        }
        return sum;
    }

    synchronized void describe(StringBuilder b) {
        for (int i = 0; i < states.length; i++) {
            if (states[i] != 0) {
                b.append(" frame ").append(i).append(" freed=").append((states[i] & FREED) != 0);
                b.append(" count=").append(states[i] & COUNT);
            }
        }
    }
}
