package io.ringway.bench.report;

import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A percentile plot for each workload that has latencies; with the floor's line where a claim speaks of it. */
final class Plots {
    private static final String FLOOR = "shared memory";

    private final Comparison comparison;

    Plots(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * A drawing with what is drawn.
     *
     * @param workload name and meaning
     * @param svg the element
     */
    record Plot(Workload workload, String svg) {}

    List<Plot> all() {
        List<Plot> plots = new ArrayList<>();
        for (Workload workload : comparison.workloads()) {
            Map<String, Histogram> lines = lines(workload);
            if (!workload.floor() && workload.shows().contains(Metric.P50) && !lines.isEmpty()) {
                String svg = new PercentilePlot("plot-" + workload.name(), workload.title(), lines).svg();
                plots.add(new Plot(workload, svg));
            }
        }
        return plots;
    }

    private Map<String, Histogram> lines(Workload workload) {
        Map<String, Histogram> lines = new LinkedHashMap<>();
        for (Provider provider : comparison.providers()) {
            comparison.latencies(workload, provider).ifPresent(histogram -> lines.put(provider.title(), histogram));
        }
        for (Workload other : comparison.workloads()) {
            if (other.floor() && compared(workload, other)) {
                comparison
                        .latencies(other, comparison.providers().getFirst())
                        .ifPresent(histogram -> lines.put(FLOOR, histogram));
            }
        }
        return lines;
    }

    private static boolean compared(Workload workload, Workload floor) {
        return Claim.ALL.stream()
                .anyMatch(claim -> claim.figure().workload().equals(workload.name())
                        && claim.base().workload().equals(floor.name()));
    }
}
