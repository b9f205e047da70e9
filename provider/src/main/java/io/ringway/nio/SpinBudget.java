package io.ringway.nio;

/**
 * How long a thread may poll for the next arrival before it sleeps. The right to spin is earned: credit comes from
 * spins that ended with an arrival, and from arrivals that follow each other, smoothed, faster than the limit; a spin
 * of full length without an arrival costs twice the credit of one with, so that two of three must end with one: less
 * often, sleeping is cheaper. Without credit only one wait in many spins, as a probe: two ends that
 * both sleep look slow to each other, though neither is. Times in nanoseconds. One thread at a time.
 */
final class SpinBudget {
    private static final int MAX_CREDIT = 4;
    private static final int PRICE = 2;
    /** One part in this many of the newest gap goes into the smoothed one. */
    private static final int WEIGHT = 4;
    /** Gaps count as no more than this many limits, so that a pause is soon forgotten. */
    private static final int LONGEST = 4;
    /** Without credit, one wait in this many is a probe. */
    private static final int PROBE = 32;

    private final long limit;
    private long gap;
    private long lastArrival;
    private int credit = MAX_CREDIT;
    private int waits;

    SpinBudget(long limit) {
        this.limit = limit;
        this.gap = LONGEST * limit;
    }

    /** Something arrived, whether somebody span for it or not. */
    void arrived(long now) {
        long newest = Math.min(Math.max(now - lastArrival, 0), LONGEST * limit);
        lastArrival = now;
        gap += (newest - gap) / WEIGHT;
        if (gap < limit) {
            credit = MAX_CREDIT;
        }
    }

    /** How long the wait that begins now may spin; 0: not at all. */
    long allowance() {
        if (credit > 0) {
            return limit;
        }
        return ++waits % PROBE == 0 ? limit : 0;
    }

    /** A spin ended with an arrival. */
    void fruitful() {
        if (credit < MAX_CREDIT) {
            credit++;
        }
    }

    /** A spin of full length ended without one. */
    void fruitless() {
        credit = Math.max(credit - PRICE, 0);
    }

    /** The smoothed distance of arrivals. */
    long gap() {
        return gap;
    }
}
