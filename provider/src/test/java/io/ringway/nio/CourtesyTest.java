package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CourtesyTest {
    private static final long LONG = 3_000_000;

    private final Courtesy courtesy = new Courtesy();
    private long now = 1_000_000_000L;

    /** Waits that don't spin from now on. */
    private int abstentions() {
        int n = 0;
        while (!courtesy.maySpin(now) && n < 10_000) {
            n++;
        }
        return n;
    }

    private void losesTheProcessor() {
        now += LONG;
        courtesy.judge(LONG, now);
    }

    private void works(long nanos) {
        courtesy.resume(now);
        now += nanos;
        assertTrue(courtesy.maySpin(now));
    }

    @Test
    void undisturbed_spins() {
        assertEquals(0, abstentions());
        courtesy.judge(200, now);
        assertEquals(0, abstentions());
    }

    @Test
    void partnersWhoAnswer_areNoReasonToSleep() {
        for (int i = 0; i < 1_000; i++) {
            courtesy.judge(3_000, now);
            assertEquals(0, abstentions());
        }
    }

    @Test
    void bystanderBesideSomebodyWhoComputes_sleepsTwiceAsOftenEachTime() {
        losesTheProcessor();
        int first = abstentions();
        assertTrue(first > 0);
        losesTheProcessor();
        assertEquals(2 * first, abstentions());
    }

    @Test
    void abstentionIsBounded() {
        for (int i = 0; i < 40; i++) {
            losesTheProcessor();
            assertTrue(abstentions() <= 1_000);
        }
    }

    @Test
    void threadThatWorks_goesOnSpinning() {
        works(LONG / 4);
        losesTheProcessor();
        assertEquals(0, abstentions());
    }

    @Test
    void workBeforeTheLastLoss_countsNoMore() {
        works(LONG / 4);
        losesTheProcessor();
        losesTheProcessor();
        assertTrue(abstentions() > 0);
    }

    @Test
    void aSleepIsNoWork() {
        assertTrue(courtesy.maySpin(now));
        now += LONG;
        assertTrue(courtesy.maySpin(now));
        losesTheProcessor();
        assertTrue(abstentions() > 0);
    }
}
