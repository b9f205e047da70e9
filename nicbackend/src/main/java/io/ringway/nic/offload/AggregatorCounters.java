package io.ringway.nic.offload;

/**
 * What an aggregator counted. Written by the queue's thread only; any thread may read, and then sees values that may be
 * a moment old.
 */
public final class AggregatorCounters {
    private final long[] endings = new long[CollectionEnd.values().length];
    long segmentsIn;
    long segmentsOut;
    long aggregatesOut;
    long badChecksums;

    AggregatorCounters() {}

    /** TCP segments that came in. */
    public long segmentsIn() {
        return segmentsIn;
    }

    /** Segments that were handed on, collected or single. */
    public long segmentsOut() {
        return segmentsOut;
    }

    /** Of these, those that were collected from two or more. */
    public long aggregatesOut() {
        return aggregatesOut;
    }

    /** Segments dropped because a checksum was wrong. */
    public long badChecksums() {
        return badChecksums;
    }

    /** Collections that ended for this reason. */
    public long endings(CollectionEnd reason) {
        return endings[reason.ordinal()];
    }

    void ended(CollectionEnd reason) {
        endings[reason.ordinal()]++;
    }
}
