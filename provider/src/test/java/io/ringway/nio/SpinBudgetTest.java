package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpinBudgetTest {
    private static final long LIMIT = 60_000;

    private final SpinBudget budget = new SpinBudget(LIMIT);
    private long now = 1_000_000;

    private int spinsOf(int waits) {
        int spins = 0;
        for (int i = 0; i < waits; i++) {
            if (budget.allowance() > 0) {
                spins++;
                budget.fruitless();
            }
        }
        return spins;
    }

    private void arrivals(int count, long gap) {
        for (int i = 0; i < count; i++) {
            now += gap;
            budget.arrived(now);
        }
    }

    @Test
    void fruitlessSpinsEndSpinningButForAProbe() {
        assertTrue(spinsOf(10) < 10);
        int probes = spinsOf(3_200);
        assertEquals(100, probes);
    }

    @Test
    void fastArrivalsEarnTheRightToSpin() {
        spinsOf(10);
        arrivals(20, LIMIT / 3);
        assertEquals(LIMIT, budget.allowance());
    }

    @Test
    void slowArrivalsDoNot() {
        spinsOf(10);
        arrivals(20, 3 * LIMIT);
        assertTrue(spinsOf(31) <= 1);
    }

    @Test
    void aPauseIsSoonForgotten() {
        arrivals(20, LIMIT / 3);
        arrivals(1, 1_000_000_000);
        spinsOf(10);
        arrivals(6, LIMIT / 3);
        assertEquals(LIMIT, budget.allowance());
    }

    @Test
    void aFruitfulProbeEarnsTheNextSpin() {
        spinsOf(10);
        while (budget.allowance() == 0) {
            // The next probe comes.
        }
        budget.fruitful(LIMIT / 30);
        assertEquals(LIMIT, budget.allowance());
    }

    /** Spins that end with an arrival late, and every third in vain: each sleep would have been cheaper. */
    @Test
    void spinsThatTakeLongerThanASleepIsWorthEnd() {
        int spins = 0;
        for (int i = 0; i < 640; i++) {
            if (budget.allowance() > 0) {
                spins++;
                if (i % 3 == 0) {
                    budget.fruitless();
                } else {
                    budget.fruitful(LIMIT / 3);
                }
            }
        }
        assertTrue(spins < 64, "spins: " + spins);
    }

    @Test
    void shortSpinsOfWhichFewAreFruitlessGoOn() {
        for (int i = 0; i < 640; i++) {
            assertEquals(LIMIT, budget.allowance());
            if (i % 4 == 0) {
                budget.fruitless();
            } else {
                budget.fruitful(LIMIT / 30);
            }
        }
    }

    @Test
    void withoutALimitNobodySpins() {
        SpinBudget none = new SpinBudget(0);
        assertEquals(0, none.allowance());
    }
}
