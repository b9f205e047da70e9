package io.ringway.bench.report;

import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Workload;
import java.util.ArrayList;
import java.util.List;

/** A percentile plot for each workload that has latencies; with the floor's line where a claim speaks of it. */
final class Plots {
    private static final String FLOOR = "shared memory";
    private static final String FLOOR_STYLE = "floor";

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
            List<PercentilePlot.Line> lines = lines(workload);
            if (!workload.floor() && workload.shows().contains(Metric.P50) && !lines.isEmpty()) {
                String svg = new PercentilePlot("plot-" + workload.name(), workload.title(), lines).svg();
                plots.add(new Plot(workload, svg));
            }
        }
        return plots;
    }

    private List<PercentilePlot.Line> lines(Workload workload) {
        List<PercentilePlot.Line> lines = new ArrayList<>();
        int index = 0;
        for (Provider provider : comparison.providers()) {
            String style = "s" + index++;
            comparison
                    .latencies(workload, provider)
                    .ifPresent(latencies -> lines.add(new PercentilePlot.Line(provider.title(), style, latencies)));
        }
        for (Workload other : comparison.workloads()) {
            if (other.floor() && compared(workload, other)) {
                comparison
                        .latencies(other, comparison.providers().getFirst())
                        .ifPresent(latencies -> lines.add(new PercentilePlot.Line(FLOOR, FLOOR_STYLE, latencies)));
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
