package io.ringway.nio;

import io.ringway.memory.OutOfLine;
import org.jspecify.annotations.Nullable;

/**
 * What a spinning thread does between two polls. Where it has a processor to itself it pauses; where others want the
 * same processor, perhaps the very thread that it waits for, it lets them run after each poll. It learns which from how
 * long letting others run takes. If it has shared a processor for long, and another one is idle, it moves there. Times
 * in nanoseconds. One thread at a time.
 */
final class Courtesy {
    /** On an own processor, a spin this long goes on without letting others run. */
    private static final long ALONE = 4_000;
    /** And each of its polls looks so often for a frame, some 25 ns apart: longer than all else between two polls takes. */
    private static final int LOOKS = 16;
    /** So many times in a row nobody wanted to: the processor is this thread's own again. */
    private static final int PROOF = 32;

    /** Somebody who keeps the processor this long doesn't answer and wait again, but computes. */
    private static final long BUSY = 600_000;
    /** A thread that works for more than one part in this many of what the others take is no bystander. */
    private static final int PART = 16;
    /** One who is, sleeps: so many waits don't spin, twice as many each further time. */
    private static final int ABSTAIN = 32;

    private static final int LONGEST_ABSTENTION = 16 * ABSTAIN;

    /** On no machine does letting others run take longer if nobody wants to. */
    private static final long MOST = 2_500;
    /** And on this one not longer than this. */
    private static final long NOBODY = nobody();

    private int unwanted = PROOF;
    private int abstain;
    private int abstention = ABSTAIN;
    /** Nanoseconds of work between waits, since the processor was lost for long. */
    private long worked;

    private long resumedAt;
    private final SharedProcessor processor = new SharedProcessor();

    /** Three times the shortest of some calls, and a little more: on no machine does a thread come and go faster. */
    private static long nobody() {
        long shortest = MOST;
        long before = System.nanoTime();
        long end = before + 40 * MOST;
        for (int i = 0; i < PROOF && before < end; i++) {
            Thread.yield();
            long after = System.nanoTime();
            shortest = Math.min(shortest, after - before);
            before = after;
        }
        return Math.min(MOST, 3 * shortest + 200);
    }

    /** Between two polls; the spin has lasted for {@code spent} at {@code now}. Returns what the time is afterwards. */
    long pause(long spent, long now) {
        if (unwanted >= PROOF && spent < ALONE) {
            Thread.onSpinWait();
            return System.nanoTime();
        }
        return part(now);
    }

    /** How often a poll may look for a frame instead of ending, in a spin that has lasted for {@code spent}. */
    int looks(long spent) {
        return unwanted >= PROOF && spent < ALONE ? LOOKS : 0;
    }

    /** Lets others run, now. Returns what the time is afterwards. */
    long part(long now) {
        Thread.yield();
        long resumed = System.nanoTime();
        judge(resumed - now, resumed);
        return resumed;
    }

    /** Whether a wait that begins now may spin: a sleeper that is woken goes before those who compute. */
    boolean maySpin(long now) {
        if (resumedAt != 0) {
            worked += now - resumedAt;
            resumedAt = 0;
        }
        if (abstain > 0) {
            abstain--;
            return false;
        }
        return true;
    }

    /** The wait is over, without a sleep. */
    void resume(long now) {
        resumedAt = now;
    }

    /** Letting others run took {@code away}. */
    void judge(long away, long now) {
        if (away <= NOBODY) {
            unwanted = Math.min(unwanted + 1, PROOF);
            if (unwanted == PROOF) {
                processor.own();
            } else {
                processor.unwanted();
            }
            return;
        }
        others(away, now, null);
    }

    private void others(long away, long now, @Nullable OutOfLine never) {
        unwanted = 0;
        if (away > BUSY) {
            weigh(away);
        }
        processor.wanted(now);
    }

    /** The processor was lost for so long: to others like this one, or to somebody who computes? */
    private void weigh(long away) {
        if (worked * PART < away) {
            abstain = abstention;
            abstention = Math.min(2 * abstention, LONGEST_ABSTENTION);
        } else {
            abstention = ABSTAIN;
        }
        worked = 0;
    }
}
