package io.ringway.nio;

/**
 * How long a thread may poll for the next arrival before it sleeps. The right to spin is earned, and paid for with the
 * time that spins take: a spin that ends with an arrival has saved a sleep, which is worth {@link #WORTH}; one of full
 * length without an arrival was for nothing. Arrivals that follow each other, smoothed, in less than half the limit earn
 * one spin of full length. Without credit only one wait in many spins, as a probe: two ends that both sleep look slow to
 * each other, though neither is. Times in nanoseconds. One thread at a time.
 */
final class SpinBudget {
    /** What both ends pay, and what the message takes longer, when a thread sleeps and is woken. */
    private static final long WORTH = 30_000;
    /** Credit is kept up to so many spins of full length. */
    private static final int MAX_CREDIT = 4;
    /** One part in this many of the newest gap goes into the smoothed one. */
    private static final int WEIGHT = 4;
    /** Gaps count as no more than this many limits, so that a pause is soon forgotten. */
    private static final int LONGEST = 4;
    /** Without credit, one wait in this many is a probe. */
    private static final int PROBE = 32;

    private final long limit;
    private long gap;
    private long lastArrival;
    private long credit;
    private int waits;

    SpinBudget(long limit) {
        this.limit = limit;
        this.gap = LONGEST * limit;
        this.credit = MAX_CREDIT * limit;
    }

    /** Something arrived, whether somebody span for it or not. */
    void arrived(long now) {
        long newest = Math.min(Math.max(now - lastArrival, 0), LONGEST * limit);
        lastArrival = now;
        gap += (newest - gap) / WEIGHT;
        if (gap < limit / 2) {
            credit = Math.max(credit, limit);
        }
    }

    /** How long the wait that begins now may spin; 0: not at all. */
    long allowance() {
        if (credit > 0) {
            return limit;
        }
        return ++waits % PROBE == 0 ? limit : 0;
    }

    /** A spin ended with an arrival, after {@code spent}. */
    void fruitful(long spent) {
        credit = Math.clamp(credit + WORTH - spent, 0, MAX_CREDIT * limit);
    }

    /** A spin of full length ended without one. */
    void fruitless() {
        credit = Math.max(credit - limit, 0);
    }

    /** The smoothed distance of arrivals. */
    long gap() {
        return gap;
    }
}
