package io.ringway.nio;

/**
 * The first waits of a selector spin longer than {@link SpinBudget} and {@link Courtesy} would have them: while neither
 * end's way is compiled, an answer takes longer than any spin that pays later, and a sleep would add a way of its own to
 * what has to be run uncompiled and to be compiled. Ends after so many arrivals, and earlier by waits in vain. Times in
 * nanoseconds. One thread at a time.
 */
final class FirstWaits {
    private static final int ARRIVALS = 2_000;
    /** Longer than two ends that aren't compiled take for a message and its answer, shorter than twice that. */
    private static final long LONGEST = 500_000;
    /** A wait in vain counts as so many arrivals: an idle selector spends 10 ms on this, and no more. */
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
        return limit == 0 ? none() : new FirstWaits(Math.max(limit, LONGEST), ARRIVALS);
    }

    boolean areLeft() {
        return left > 0;
    }

    /** How long a wait may spin as long as {@link #areLeft()}. */
    long allowance() {
        return allowance;
    }

    void arrived() {
        if (left > 0) {
            left--;
        }
    }

    /** A spin of full length ended without an arrival. */
    void fruitless() {
        left -= Math.min(left, FRUITLESS);
    }
}
