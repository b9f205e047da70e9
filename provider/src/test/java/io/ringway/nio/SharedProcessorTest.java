package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedProcessorTest {
    private static final long MILLISECOND = 1_000_000;
    /** A thread that shares a processor loses it so long for each message. */
    private static final long TURN = 2_000;

    private final List<Long> attempts = new ArrayList<>();
    private boolean idle = true;
    private long now = 1_000 * MILLISECOND;

    private SharedProcessor processor = new Recorded();

    private final class Recorded extends SharedProcessor {
        @Override
        boolean leave() {
            attempts.add(now);
            return idle;
        }
    }

    private void share(long nanos) {
        for (long end = now + nanos; now < end; now += TURN) {
            processor.wanted(now);
        }
    }

    private long shareUntilAttempt() {
        int before = attempts.size();
        long start = now;
        while (attempts.size() == before) {
            assertTrue(now - start < 3_000 * MILLISECOND, "no attempt");
            processor.wanted(now);
            now += TURN;
        }
        return now - start;
    }

    /** As after a move that was of use. */
    private void ownFor(long nanos) {
        processor.own();
        now += nanos;
    }

    @Test
    void whoSharesForLongLeaves() {
        long shared = shareUntilAttempt();
        assertTrue(shared >= 64 * TURN && shared < 200 * TURN, "after " + shared);
    }

    @Test
    void whoHasTheProcessorNearlyAlwaysStays() {
        for (int i = 0; i < 10_000; i++) {
            processor.wanted(now);
            for (int k = 0; k < 31; k++) {
                processor.unwanted();
            }
            now += MILLISECOND;
        }
        assertEquals(List.of(), attempts);
    }

    @Test
    void whatWasSharedBeforeCountsNoMoreOnAnOwnProcessor() {
        for (int i = 0; i < 1_000; i++) {
            share(60 * TURN);
            processor.own();
        }
        assertEquals(List.of(), attempts);
    }

    @Test
    void afterAMoveThatWasOfUseTheNextComesAtOnce() {
        shareUntilAttempt();
        for (int i = 0; i < 20; i++) {
            ownFor(20 * MILLISECOND);
            assertTrue(shareUntilAttempt() < MILLISECOND);
        }
    }

    @Test
    void afterMovesThatWereOfNoUseTheNextComesLaterAndLater() {
        shareUntilAttempt();
        share(10_000 * MILLISECOND);
        assertTrue(attempts.size() < 20, attempts.size() + " moves in ten seconds");
        long last = attempts.getLast() - attempts.get(attempts.size() - 2);
        assertTrue(last >= 2_000 * MILLISECOND && last < 2_100 * MILLISECOND, "after " + last);
    }

    @Test
    void whereNoProcessorIsIdleItLooksAgainSoon() {
        idle = false;
        shareUntilAttempt();
        share(1_000 * MILLISECOND);
        assertTrue(attempts.size() > 80 && attempts.size() < 120, attempts.size() + " looks in a second");
        idle = true;
        assertTrue(shareUntilAttempt() < 11 * MILLISECOND);
    }

    @Test
    void looksInVainDoNotMakeMovesOfNoUseMoreFrequent() {
        shareUntilAttempt();
        share(10_000 * MILLISECOND);
        idle = false;
        shareUntilAttempt();
        assertTrue(shareUntilAttempt() >= 2_000 * MILLISECOND);
    }

    /** Else each of them would leave for the processor that the other one left for. */
    @Test
    void twoThatShareDoNotLeaveAtTheSameTime() {
        Set<Long> durations = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            processor = new Recorded();
            now += 137;
            durations.add(shareUntilAttempt());
        }
        assertTrue(durations.size() > 20, durations.size() + " different ones of 64");
    }
}
