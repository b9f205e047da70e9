package io.ringway.nic.fabric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one {@linkplain FrameHome home}. A frame is handed out again when it was freed and every committed slot
 * that named it was released. The home's thread only, except where it says otherwise.
 */
final class FrameStore {
    /** Frames of 2 KiB, 16 KiB and 64 KiB. */
    private static final int[] SHIFTS = {11, 14, 16};

    static final int LARGEST = 1 << 16;

    /** Up to this many bytes of one size are laid out before looking for frames that came back. */
    private static final int EAGER_BYTES = 1 << 18;

    /** Up to this many bytes, more frames are laid out when few came back, so that looking stays rare. */
    private static final int RELAXED_BYTES = 1 << 21;

    private final FrameHome owner;
    private final FabricMemory memory;
    private final long[][] free = new long[SHIFTS.length][64];
    private final int[] freeCount = new int[SHIFTS.length];
    private final @Nullable FrameChunk[] current = new FrameChunk[SHIFTS.length];
    private final int[] carvedInCurrent = new int[SHIFTS.length];
    private final int[] carved = new int[SHIFTS.length];

    /** The fewest free frames since the last trim: those below were not touched. */
    private final int[] low = new int[SHIFTS.length];

    /** That many of the free frames have no pages. */
    private final int[] trimmed = new int[SHIFTS.length];

    FrameStore(FrameHome owner, FabricMemory memory) {
        this.owner = owner;
        this.memory = memory;
    }

    long allocate(int size) {
        int c = size <= 1 << SHIFTS[0] ? 0 : size <= 1 << SHIFTS[1] ? 1 : 2;
        int n = freeCount[c];
        if (n > 0) {
            return use(pop(c));
        }
        return allocateSlowly(c, size);
    }

    private long allocateSlowly(int c, int size) {
        if (size > LARGEST) {
            throw new IllegalArgumentException("a frame holds at most " + LARGEST + " bytes, not " + size);
        }
        long bytes = (long) carved[c] << SHIFTS[c];
        if (bytes >= EAGER_BYTES) {
            owner.harvest();
            if (freeCount[c] > (bytes < RELAXED_BYTES ? carved[c] >>> 3 : 0)) {
                return use(pop(c));
            }
        }
        long frame = carve(c);
        if (frame == 0 && freeCount[c] == 0) {
            owner.harvest();
        }
        if (frame == 0 && freeCount[c] > 0) {
            frame = pop(c);
        }
        if (frame == 0 && c + 1 < SHIFTS.length) {
            return allocate((1 << SHIFTS[c]) + 1);
        }
        return frame == 0 ? 0 : use(frame);
    }

    private long pop(int c) {
        int n = freeCount[c] - 1;
        freeCount[c] = n;
        if (n < low[c]) {
            low[c] = n;
        }
        return free[c][n];
    }

    private long carve(int c) {
        FrameChunk chunk = current[c];
        if (chunk == null || carvedInCurrent[c] == chunk.frames) {
            chunk = memory.takeChunk(owner, SHIFTS[c]);
            if (chunk == null) {
                return 0;
            }
            current[c] = chunk;
            carvedInCurrent[c] = 0;
        }
        carved[c]++;
        chunk.waiting++;
        return chunk.offset + ((long) carvedInCurrent[c]++ << SHIFTS[c]);
    }

    private long use(long frame) {
        FrameChunk chunk = chunk(frame);
        chunk.waiting--;
        chunk.home(chunk.index(frame), FrameChunk.USED);
        return frame;
    }

    /** Bytes of the frames that are not free. */
    long inUse() {
        long bytes = 0;
        for (int c = 0; c < SHIFTS.length; c++) {
            bytes += (long) (carved[c] - freeCount[c]) << SHIFTS[c];
        }
        return bytes;
    }

    /** Bytes of the frames that are free. */
    long freeBytes() {
        long bytes = 0;
        for (int c = 0; c < SHIFTS.length; c++) {
            bytes += (long) freeCount[c] << SHIFTS[c];
        }
        return bytes;
    }

    /** Whether frames of the largest size are at hand. */
    boolean hasFree() {
        return freeCount[SHIFTS.length - 1] > 0 || freeCount[0] > 0 && freeCount[1] > 0;
    }

    int capacity(long frame) {
        return 1 << chunk(frame).shift;
    }

    FrameChunk chunk(long frame) {
        FrameChunk chunk = memory.chunk(frame);
        if (chunk == null) {
            throw new IllegalArgumentException("no frame of this process: " + Long.toHexString(frame));
        }
        return chunk;
    }

    /** One more committed slot names the frame. */
    void committed(FrameChunk chunk, int index) {
        if (chunk.home == owner) {
            chunk.home(index, chunk.home(index) + 1);
        } else {
            chunk.addAway(index, 1);
        }
    }

    /** One slot that named the frame was released. */
    void released(FrameChunk chunk, int index) {
        if (chunk.home != owner) {
            int before = chunk.addAway(index, -1);
            if (before - 1 == FrameChunk.FREED) {
                chunk.home.post(chunk.offset + ((long) index << chunk.shift));
            }
            return;
        }
        int state = chunk.home(index) - 1;
        chunk.home(index, state);
        if ((state & FrameChunk.FREED) != 0 && (state & FrameChunk.COUNT) == 0) {
            put(chunk, index);
        }
    }

    void free(long frame) {
        FrameChunk chunk = chunk(frame);
        int index = chunk.index(frame);
        if (chunk.home != owner) {
            int before = chunk.markAwayFreed(index);
            if (before == 0) {
                chunk.home.post(frame);
            } else if ((before & FrameChunk.FREED) != 0) {
                owner.freedTwice();
            }
            return;
        }
        if (chunk.away(index) != 0 && (chunk.markAwayFreed(index) & FrameChunk.COUNT) != 0) {
            return;
        }
        freeAtHome(chunk, index);
    }

    /** All uses by other queues have ended, and one of them freed the frame. */
    void cameHome(long frame) {
        FrameChunk chunk = chunk(frame);
        freeAtHome(chunk, chunk.index(frame));
    }

    private void freeAtHome(FrameChunk chunk, int index) {
        int state = chunk.home(index);
        if ((state & FrameChunk.USED) == 0 || (state & FrameChunk.FREED) != 0) {
            owner.freedTwice();
            return;
        }
        if (chunk.away(index) != 0) {
            chunk.clearAway(index);
        }
        if ((state & FrameChunk.COUNT) == 0) {
            put(chunk, index);
        } else {
            chunk.home(index, state | FrameChunk.FREED);
        }
    }

    private void put(FrameChunk chunk, int index) {
        chunk.home(index, 0);
        int c = chunk.shift == SHIFTS[0] ? 0 : chunk.shift == SHIFTS[1] ? 1 : 2;
        int n = freeCount[c];
        if (n == free[c].length) {
            free[c] = Arrays.copyOf(free[c], 2 * n);
        }
        free[c][n] = chunk.offset + ((long) index << chunk.shift);
        freeCount[c] = n + 1;
        chunk.waiting++;
    }

    /** Gives back the chunks that are wholly unused: another queue, or frames of another size, want them. */
    void giveChunksBack() {
        List<FrameChunk> unused = new ArrayList<>();
        for (int c = 0; c < SHIFTS.length; c++) {
            int kept = 0;
            for (int i = 0; i < freeCount[c]; i++) {
                long frame = free[c][i];
                FrameChunk chunk = chunk(frame);
                if (chunk.waiting != chunk.frames) {
                    free[c][kept++] = frame;
                } else if (frame == chunk.offset) {
                    unused.add(chunk);
                }
            }
            carved[c] -= freeCount[c] - kept;
            setFree(c, kept);
            if (unused.contains(current[c])) {
                current[c] = null;
            }
        }
        unused.forEach(memory::giveChunk);
    }

    /** Gives everything back if nothing is in use any more. */
    boolean giveAllBack() {
        for (int c = 0; c < SHIFTS.length; c++) {
            if (freeCount[c] != carved[c]) {
                return false;
            }
        }
        for (int c = 0; c < SHIFTS.length; c++) {
            List<FrameChunk> unused = new ArrayList<>();
            for (int i = 0; i < freeCount[c]; i++) {
                if ((free[c][i] & Layout.CHUNK - 1) == 0) {
                    unused.add(chunk(free[c][i]));
                }
            }
            unused.forEach(memory::giveChunk);
            current[c] = null;
            carved[c] = 0;
            setFree(c, 0);
        }
        return true;
    }

    private void setFree(int c, int count) {
        freeCount[c] = count;
        low[c] = count;
        trimmed[c] = 0;
    }

    /** Gives the pages of frames back to the system that were not used since the last call. */
    void trim() {
        for (int c = 1; c < SHIFTS.length; c++) {
            int unused = Math.min(low[c], freeCount[c]);
            for (int i = Math.min(trimmed[c], unused); i < unused; i++) {
                memory.discard(free[c][i], 1L << SHIFTS[c]);
            }
            trimmed[c] = unused;
            low[c] = freeCount[c];
        }
    }
}
