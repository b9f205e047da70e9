package io.ringway.nio;

/**
 * The first waits of a selector spin longer than {@link SpinBudget} and {@link Courtesy} would have them: while neither
 * end's way is compiled, an answer takes longer than any spin that pays later, and a sleep would add a way of its own to
 * what has to be run uncompiled and to be compiled. Every wait counts, whatever ends it, and one in vain for many: so the
 * time that all of them take is bounded. Times in nanoseconds. One thread at a time.
 */
final class FirstWaits {
    private static final int WAITS = 2_000;
    /** An answer took 0.13 ms on average where this was measured; with much longer waits it took longer. */
    private static final long LONGEST = 500_000;
    /** A wait in vain counts as so many: an idle selector spends 10 ms on this, and no more. */
    private static final int FRUITLESS = 100;

    private final long allowance;
    private int left;

    private FirstWaits(long allowance, int left) {
        this.allowance = allowance;
        this.left = left;
    }

    /** No wait is longer than others. */
    static FirstWaits none() {
        return new FirstWaits(0, 0);
    }

    /** Those of a selector whose later waits spin for at most {@code limit}; none where that is 0. */
    static FirstWaits ofSelector(long limit) {
        return limit == 0 ? none() : new FirstWaits(Math.max(limit, LONGEST), WAITS);
    }

    boolean areLeft() {
        return left > 0;
    }

    /** How long a wait may spin as long as {@link #areLeft()}. */
    long allowance() {
        return allowance;
    }

    /** A wait ended without a sleep. */
    void ended() {
        left = Math.max(left - 1, 0);
    }

    /** A spin of full length ended without an arrival. */
    void fruitless() {
        left -= Math.min(left, FRUITLESS);
    }
}
