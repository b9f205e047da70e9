package io.ringway.bench.report;

import io.ringway.bench.run.Metric;

/**
 * What a claim speaks of: a median of one workload on one provider, both by name.
 *
 * @param workload for instance {@code nio-ping}
 * @param provider for instance {@code jdk}
 * @param metric which of the figures that the workload shows
 */
public record Figure(String workload, String provider, Metric metric) {
    /** The same figure of another provider. */
    Figure on(String other) {
        return new Figure(workload, other, metric);
    }

    /** The same figure of another workload on the same provider. */
    Figure of(String other) {
        return new Figure(other, provider, metric);
    }
}
