package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.Settings;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SpinWaitTest {
    private static Datapath datapath(int micros) throws Exception {
        Properties given = new Properties();
        given.setProperty("ringway.spin", Integer.toString(micros));
        given.setProperty("ringway.quiet", "true");
        return new Datapath(Settings.of(given), KernelProvider.JDK);
    }

    /** How many permissions there are. */
    private static int permissions(Spinners spinners) {
        int n = 0;
        while (spinners.begin()) {
            n++;
        }
        for (int i = 0; i < n; i++) {
            spinners.done();
        }
        return n;
    }

    @Test
    void aWaitWithoutAllowanceSleepsAtOnce() throws Exception {
        SpinWait wait = new SpinWait(datapath(0));
        assertEquals(SpinWait.SLEEP, wait.pause(System.nanoTime()));
        assertFalse(wait.isWaiting());
    }

    @Test
    void aWaitPollsAsLongAsItsAllowanceAndPartsOnce() throws Exception {
        SpinWait wait = new SpinWait(datapath(1_000));
        long start = System.nanoTime();
        long now = start;
        long last = start;
        int polls = 0;
        while (now != SpinWait.SLEEP) {
            last = now;
            now = wait.pause(now);
            polls++;
        }
        assertTrue(last - start >= 1_000_000, "slept after " + (last - start) + " ns");
        assertTrue(polls > 2);
    }

    /** Spins as long as it may, and is in vain. */
    private static long fruitlessWait(SpinWait wait) {
        long start = System.nanoTime();
        long now = start;
        long last = start;
        while (now != SpinWait.SLEEP) {
            last = now;
            now = wait.pause(now);
        }
        return last - start;
    }

    @Test
    void firstWaitsAreLongerUntilTheyAreOver() throws Exception {
        FirstWaits first = FirstWaits.ofSelector(1_000);
        SpinWait wait = new SpinWait(datapath(1), first);
        int waits = 0;
        while (first.areLeft()) {
            assertTrue(fruitlessWait(wait) >= first.allowance());
            waits++;
        }
        assertEquals(20, waits);
        // The later kind has no credit left.
        assertEquals(SpinWait.SLEEP, wait.pause(System.nanoTime()));
    }

    /** A selector that others wake, and that nothing arrives for, doesn't spin for ever. */
    @Test
    void firstWaitsThatOthersEndAreCounted() throws Exception {
        FirstWaits first = FirstWaits.ofSelector(1_000);
        SpinWait wait = new SpinWait(datapath(1), first);
        int waits = 0;
        while (first.areLeft() && waits < 10_000) {
            wait.pause(System.nanoTime());
            wait.found();
            waits++;
        }
        assertEquals(2_000, waits);
    }

    @Test
    void everyEndGivesThePermissionBack() throws Exception {
        Datapath datapath = datapath(1_000_000);
        int all = permissions(datapath.spinners());
        for (boolean found : new boolean[] {true, false}) {
            SpinWait wait = new SpinWait(datapath);
            long start = System.nanoTime();
            wait.pause(start);
            wait.pause(start + 2 * Spinners.FREE);
            assertEquals(all - 1, permissions(datapath.spinners()));
            if (found) {
                wait.found();
            } else {
                wait.end();
            }
            assertFalse(wait.isWaiting());
            assertEquals(all, permissions(datapath.spinners()));
        }
    }

    @Test
    void withoutPermissionTheWaitSleeps() throws Exception {
        Datapath datapath = datapath(1_000_000);
        while (datapath.spinners().begin()) {
            // Others have all there are.
        }
        SpinWait wait = new SpinWait(datapath);
        long start = System.nanoTime();
        wait.pause(start);
        long parted = wait.pause(start + 2 * Spinners.FREE);
        assertTrue(parted >= start);
        assertEquals(SpinWait.SLEEP, wait.pause(parted));
    }

    @Test
    void pollsLookForFramesAtTheBeginningOfAWait() throws Exception {
        SpinWait wait = new SpinWait(datapath(1_000));
        assertEquals(0, wait.looks());
        // Begins in a second: it has not lasted for long in any case.
        wait.pause(System.nanoTime() + 1_000_000_000L);
        assertTrue(wait.looks() > 0);
        wait.found();
        assertEquals(0, wait.looks());
        long now = wait.pause(System.nanoTime());
        while (now != SpinWait.SLEEP) {
            now = wait.pause(now);
        }
        assertEquals(0, wait.looks());
    }

    @Test
    void aWaitThatDoesNotSpinDoesNotLook() throws Exception {
        SpinWait wait = new SpinWait(datapath(0));
        wait.pause(System.nanoTime());
        assertEquals(0, wait.looks());
    }
}
