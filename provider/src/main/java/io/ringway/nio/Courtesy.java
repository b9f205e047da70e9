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

    /** Somebody who keeps the processor this long is no partner who answers and waits again, but has work to do. */
    private static final long BUSY = 200_000;
    /** So many waits don't spin after somebody kept the processor: a sleeper that is woken goes before those who work. */
    private static final int ABSTAIN = 64;

    private int unwanted = PROOF;
    private int abstain;
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

    /** Whether a wait that begins now may spin. */
    boolean maySpin() {
        if (abstain > 0) {
            abstain--;
            return false;
        }
        return true;
    }

    private void judge(long now) {
        if (yieldedAt == 0) {
            return;
        }
        if (now - yieldedAt > NOBODY) {
            unwanted = 0;
            if (now - yieldedAt > BUSY) {
                abstain = ABSTAIN;
            }
        } else if (unwanted < PROOF) {
            unwanted++;
        }
        yieldedAt = 0;
    }
}
