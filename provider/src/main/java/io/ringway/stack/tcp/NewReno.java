package io.ringway.stack.tcp;

/** Slow start and congestion avoidance (RFC 5681, section 3.1) with the initial window of RFC 6928. */
final class NewReno implements CongestionControl {
    private static final int INITIAL_SEGMENTS = 10;
    /** Half of the largest window there is (RFC 7323, section 2.3): enough, and sums of two don't overflow. */
    private static final int LARGEST = 1 << 29;

    private final int mss;
    private int cwnd;
    private int ssthresh = Integer.MAX_VALUE;
    private int sinceIncrease;

    NewReno(int mss) {
        this.mss = mss;
        cwnd = INITIAL_SEGMENTS * mss;
    }

    @Override
    public int window() {
        return cwnd;
    }

    @Override
    public void acknowledged(int bytes) {
        if (cwnd >= LARGEST) {
            return;
        }
        if (cwnd < ssthresh) {
            cwnd += Math.min(bytes, mss);
            return;
        }
        sinceIncrease += bytes;
        if (sinceIncrease >= cwnd) {
            sinceIncrease -= cwnd;
            cwnd += mss;
        }
    }

    @Override
    public void timedOut(int flight) {
        ssthresh = Math.max(flight / 2, 2 * mss);
        cwnd = mss;
        sinceIncrease = 0;
    }
}
