package io.ringway.nic.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One mebibyte of frames of one size, and what is known about each of them. A frame has two state words. The home word
 * belongs to whoever the chunk was handed to, a queue or the lender; the away word is for every other queue of this
 * process (a connection that moved takes its frames with it) and is changed atomically. Only the home decides
 * that a frame is free: the last use elsewhere sends it home.
 */
final class FrameChunk {
    static final int USED = 1 << 30;
    static final int FREED = 1 << 31;
    static final int COUNT = (1 << 30) - 1;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);

    final FrameHome home;
    final long offset;
    final int shift;
    final int frames;
    /** Frames that wait to be handed out; the home's. */
    int waiting;

    private final int[] state;

    FrameChunk(FrameHome home, long offset, int shift) {
        this.home = home;
        this.offset = offset;
        this.shift = shift;
        this.frames = 1 << Layout.CHUNK_SHIFT - shift;
        this.state = new int[2 * frames];
    }

    int index(long frame) {
        return (int) (frame - offset >>> shift);
    }

    boolean isStart(long frame) {
        return (frame & (1L << shift) - 1) == 0;
    }

    int home(int index) {
        return state[2 * index];
    }

    void home(int index, int value) {
        state[2 * index] = value;
    }

    int away(int index) {
        return (int) WORD.getAcquire(state, 2 * index + 1);
    }

    /** The away word before the change. */
    int addAway(int index, int delta) {
        return (int) WORD.getAndAdd(state, 2 * index + 1, delta);
    }

    int markAwayFreed(int index) {
        return (int) WORD.getAndBitwiseOr(state, 2 * index + 1, FREED);
    }

    void clearAway(int index) {
        WORD.setRelease(state, 2 * index + 1, 0);
    }
}
