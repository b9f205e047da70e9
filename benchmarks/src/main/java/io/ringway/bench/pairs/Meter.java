package io.ringway.bench.pairs;

import org.HdrHistogram.Histogram;

/** What one thread under load records. Belongs to that thread; others read it after the thread has stopped. */
final class Meter {
    private static final long HIGHEST_NANOS = 60_000_000_000L;

    private final Phases phases;
    private final Histogram histogram = new Histogram(1, HIGHEST_NANOS, 3);
    private int seen = Phases.WARM_UP;
    private long begunNanos;
    private long messages;
    private long bytes;
    private long allocatedBefore;
    private long allocated;

    Meter(Phases phases) {
        this.phases = phases;
        Allocation.ofCurrentThread();
    }

    /**
     * Counts one message, and its latency if it was sent within the measured part.
     *
     * @return whether to send another
     */
    boolean record(long sentNanos, long nowNanos) {
        if (!running()) {
            return false;
        }
        if (seen == Phases.MEASURE) {
            messages++;
            if (sentNanos >= begunNanos) {
                histogram.recordValue(Math.min(HIGHEST_NANOS, Math.max(1, nowNanos - sentNanos)));
            }
        }
        return true;
    }

    /** Counts {@code more} bytes that were written in one piece; returns whether to write more. */
    boolean recordBytes(long more) {
        if (!running()) {
            return false;
        }
        if (seen == Phases.MEASURE) {
            messages++;
            bytes += more;
        }
        return true;
    }

    boolean running() {
        int now = phases.current();
        if (now != seen) {
            change(now);
        }
        return now != Phases.STOP;
    }

    boolean measuring() {
        return running() && seen == Phases.MEASURE;
    }

    private void change(int phase) {
        if (phase == Phases.MEASURE) {
            begunNanos = phases.begunNanos();
            allocatedBefore = Allocation.ofCurrentThread();
        } else if (seen == Phases.MEASURE) {
            allocated = Allocation.ofCurrentThread() - allocatedBefore;
        }
        seen = phase;
    }

    Histogram histogram() {
        return histogram;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** Bytes that the thread allocated in the measured part. */
    long allocated() {
        return allocated;
    }
}
