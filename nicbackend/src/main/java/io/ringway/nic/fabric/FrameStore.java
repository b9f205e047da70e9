package io.ringway.nic.fabric;

/**
 * The frames of one {@linkplain FrameHome home}. A frame is handed out again when it was freed and every committed slot
 * that named it was released. The home's thread only, except where it says otherwise.
 */
final class FrameStore {
    /** Frames of 2 KiB, 16 KiB and 64 KiB. */
    private static final int[] SHIFTS = {11, 14, 16};

    static final int LARGEST = 1 << 16;

    private final FrameHome owner;
    private final FabricMemory memory;
    private final FramePool[] pools = new FramePool[SHIFTS.length];

    FrameStore(FrameHome owner, FabricMemory memory) {
        this.owner = owner;
        this.memory = memory;
        for (int c = 0; c < SHIFTS.length; c++) {
            pools[c] = new FramePool(owner, memory, SHIFTS[c], c > 0);
        }
    }

    /**
     * Takes a frame for {@code size} bytes; 0 when the memory's bound is reached.
     *
     * @throws IllegalArgumentException for more than {@link #LARGEST}
     */
    long allocate(int size) {
        int c = size <= 1 << SHIFTS[0] ? 0 : size <= 1 << SHIFTS[1] ? 1 : 2;
        if (size > LARGEST) {
            throw new IllegalArgumentException("a frame holds at most " + LARGEST + " bytes, not " + size);
        }
        long frame = pools[c].take();
        for (int larger = c + 1; frame == 0 && larger < SHIFTS.length; larger++) {
            frame = pools[larger].take();
        }
        return frame == 0 ? 0 : use(frame);
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
        for (FramePool pool : pools) {
            bytes += pool.inUse();
        }
        return bytes;
    }

    /** Bytes of the frames that are free. */
    long freeBytes() {
        long bytes = 0;
        for (FramePool pool : pools) {
            bytes += pool.freeBytes();
        }
        return bytes;
    }

    /** Whether frames of the largest size are at hand. */
    boolean hasFree() {
        return pools[2].free() > 0 || pools[0].free() > 0 && pools[1].free() > 0;
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
        pools[c].add(chunk.offset + ((long) index << chunk.shift));
        chunk.waiting++;
    }

    /** Gives back the chunks that are wholly unused: another queue, or frames of another size, want them. */
    void giveChunksBack() {
        for (FramePool pool : pools) {
            pool.giveChunksBack();
        }
    }

    /** Gives everything back if nothing is in use any more. */
    boolean giveAllBack() {
        for (FramePool pool : pools) {
            if (!pool.isUnused()) {
                return false;
            }
        }
        for (FramePool pool : pools) {
            pool.giveAllBack();
        }
        return true;
    }

    /** Gives the pages of frames back to the system that could have been done without since the last call. */
    void trim() {
        for (int c = 1; c < SHIFTS.length; c++) {
            pools[c].trim();
        }
    }
}
