package io.ringway.nio;

import io.ringway.linux.Affinity;

/**
 * When a spinning thread that shares its processor with another one moves to an idle one: the kernel leaves two threads
 * that never sleep where they are for tens of milliseconds, and each of their messages waits for a switch then. Times in
 * nanoseconds. One thread at a time.
 */
class SharedProcessor {
    /** The processor counts as shared if others ran in more than one call of this many (the kernel doesn't always switch), */
    private static final int SELDOM = 16;
    /** for so many calls in which they did, */
    private static final int FEWEST = 64;
    /** and up to so many more: two threads that share a processor must not leave it at the same time for the same other one. */
    private static final int MORE_BITS = 7;

    /** A move that has brought this much time on an own processor was of use. */
    private static final long USE = 10_000_000;

    private static final long SOONEST_MOVE = 2_000_000;
    private static final long LATEST_MOVE = 2_000_000_000;
    /** Between two looks whether another one is idle. */
    private static final long LATEST_LOOK = 10_000_000;

    private int shared;
    /** Where {@link #shared} ends; drawn anew whenever that begins. */
    private int limit;

    private long movedAt;
    private boolean judged = true;
    private long patience = SOONEST_MOVE;

    /** Letting others run took no time: nobody wanted to. */
    void unwanted() {
        shared = Math.max(shared - 1, 0);
    }

    /** The processor is this thread's own again. */
    void own() {
        shared = 0;
    }

    /** Others ran. */
    void wanted(long now) {
        if (shared == 0) {
            limit = (FEWEST + (int) (now * 0x9e37_79b9_7f4a_7c15L >>> Long.SIZE - MORE_BITS)) * SELDOM;
        }
        shared += SELDOM;
        if (shared >= limit) {
            shared = 0;
            consider(now);
        }
    }

    /** Ever less often, if it is no use. */
    private void consider(long now) {
        long since = now - movedAt;
        if (!judged) {
            judged = true;
            patience = since >= USE ? SOONEST_MOVE : Math.min(2 * patience, LATEST_MOVE);
        }
        if (since < patience || Thread.currentThread().isVirtual()) {
            return;
        }
        movedAt = now;
        if (leave()) {
            judged = false;
        } else {
            patience = Math.max(patience, Math.min(2 * patience, LATEST_LOOK));
        }
    }

    /** Moves this thread to another processor, if one is idle. */
    boolean leave() {
        return Affinity.leaveProcessor();
    }
}
