package io.ringway.bench.report;

import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Workload;

/**
 * A figure in which Ringway is worse than the JDK's provider.
 *
 * @param workload of which workload
 * @param metric which figure
 * @param base the JDK's median
 * @param value Ringway's median
 * @param overlapping whether Ringway's best round was better than the JDK's worst one
 */
public record Slower(Workload workload, Metric metric, double base, double value, boolean overlapping) {
    /** Ratios above this are shown as 1.00. */
    private static final double SHOWN_AS_EQUAL = 0.995;

    /** Whether {@code value} is worse than {@code base} in the digits that are shown. False where one is missing. */
    static boolean is(Metric metric, double value, double base) {
        return metric.timesBetter(value, base) < SHOWN_AS_EQUAL;
    }

    /** Name and unit of the figure. */
    String figure() {
        return metric == Metric.OTHER ? workload.other() : metric.title();
    }

    /** How many times better: below 1. */
    double times() {
        return metric.timesBetter(value, base);
    }
}
