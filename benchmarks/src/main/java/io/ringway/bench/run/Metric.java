package io.ringway.bench.run;

/** What a table shows of a run. */
public enum Metric {
    P50("p50 µs", false),
    P99("p99 µs", false),
    P999("p99.9 µs", false),
    MAX("max µs", false),
    RATE("messages/s", true),
    STREAM("GB/s", true),
    CPU("CPU µs/message", false),
    ALLOCATED("alloc B/message", false),
    OTHER("other", false);

    private final String title;
    private final boolean moreIsBetter;

    Metric(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    /** Name and unit. */
    public String title() {
        return title;
    }

    /** How many times better {@code value} is than {@code base}; NaN where that says nothing. */
    public double timesBetter(double value, double base) {
        if (this == ALLOCATED) {
            return Double.NaN;
        }
        return moreIsBetter ? value / base : base / value;
    }
}
