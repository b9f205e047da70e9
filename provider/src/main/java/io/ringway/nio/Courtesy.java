package io.ringway.nio;

/**
 * What a spinning thread does between two polls. Where it has a processor to itself it pauses; where others want the
 * same processor, perhaps the very thread that it waits for, it lets them run after each poll. It learns which from how
 * long letting others run takes. Times in nanoseconds. One thread at a time.
 */
final class Courtesy {
    /** On an own processor, a spin this long goes on without letting others run. */
    private static final long ALONE = 4_000;
    /** Letting others run takes less than this if nobody wants to. */
    private static final long NOBODY = 2_500;
    /** So many times in a row nobody wanted to: the processor is this thread's own again. */
    private static final int PROOF = 32;

    private int unwanted = PROOF;
    private long yieldedAt;

    /** Between two polls; the spin has lasted for {@code spent} at {@code now}. */
    void pause(long spent, long now) {
        judge(now);
        if (unwanted >= PROOF && spent < ALONE) {
            Thread.onSpinWait();
        } else {
            yieldedAt = now;
            Thread.yield();
        }
    }

    private void judge(long now) {
        if (yieldedAt == 0) {
            return;
        }
        if (now - yieldedAt > NOBODY) {
            unwanted = 0;
        } else if (unwanted < PROOF) {
            unwanted++;
        }
        yieldedAt = 0;
    }
}
