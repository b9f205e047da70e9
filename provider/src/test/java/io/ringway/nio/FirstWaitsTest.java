package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FirstWaitsTest {
    private static final long LIMIT = 60_000;

    @Test
    void theyEndAfterWaits() {
        FirstWaits first = FirstWaits.ofSelector(LIMIT);
        for (int i = 0; i < 2_000; i++) {
            assertTrue(first.areLeft(), "after " + i);
            assertEquals(500_000, first.allowance());
            first.ended();
        }
        assertFalse(first.areLeft());
        first.ended();
        first.fruitless();
        assertFalse(first.areLeft());
    }

    @Test
    void anIdleSelectorSpendsABoundedTime() {
        FirstWaits first = FirstWaits.ofSelector(LIMIT);
        long spent = 0;
        while (first.areLeft()) {
            spent += first.allowance();
            first.fruitless();
        }
        assertEquals(10_000_000, spent);
    }

    @Test
    void aLongerLimitHolds() {
        assertEquals(1_000_000, FirstWaits.ofSelector(1_000_000).allowance());
    }

    @Test
    void whoMayNotSpinDoesNotSpinAtFirst() {
        assertFalse(FirstWaits.ofSelector(0).areLeft());
        assertFalse(FirstWaits.none().areLeft());
    }
}
