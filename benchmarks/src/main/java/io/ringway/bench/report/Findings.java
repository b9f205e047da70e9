package io.ringway.bench.report;

import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Workload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Reads a comparison: which claims hold, and where Ringway is slower than the JDK's provider. */
public final class Findings {
    private final Comparison comparison;

    public Findings(Comparison comparison) {
        this.comparison = comparison;
    }

    public Comparison comparison() {
        return comparison;
    }

    /** Claims whose workload was run. */
    public List<Verdict> verdicts() {
        return Claim.ALL.stream()
                .filter(claim -> workload(claim.figure().workload()).isPresent())
                .map(claim -> new Verdict(claim, value(claim.base()), value(claim.figure())))
                .toList();
    }

    /** Every workload and figure in which Ringway's median is worse. */
    public List<Slower> slower() {
        List<Slower> all = new ArrayList<>();
        Optional<Provider> jdk = provider(Claim.JDK);
        Optional<Provider> ringway = provider(Claim.RINGWAY);
        if (jdk.isPresent() && ringway.isPresent()) {
            for (Workload workload : comparison.workloads()) {
                for (Metric metric : EnumSet.allOf(Metric.class)) {
                    compare(workload, metric, jdk.get(), ringway.get()).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private Optional<Slower> compare(Workload workload, Metric metric, Provider jdk, Provider ringway) {
        double base = comparison.median(workload, jdk, metric);
        double value = comparison.median(workload, ringway, metric);
        if (!Slower.is(metric, value, base)) {
            return Optional.empty();
        }
        double[] bases = comparison.values(workload, jdk, metric);
        double[] values = comparison.values(workload, ringway, metric);
        boolean overlapping = overlap(bases, values);
        return Optional.of(new Slower(workload, metric, base, value, overlapping));
    }

    /** Whether the ranges of two ascending lists meet. */
    static boolean overlap(double[] a, double[] b) {
        return a[0] <= b[b.length - 1] && b[0] <= a[a.length - 1];
    }

    /** The median that {@code figure} speaks of, NaN where there is none. */
    double value(Figure figure) {
        Optional<Workload> workload = workload(figure.workload());
        Optional<Provider> provider = provider(figure.provider());
        return workload.isPresent() && provider.isPresent()
                ? comparison.median(workload.get(), provider.get(), figure.metric())
                : Double.NaN;
    }

    private Optional<Workload> workload(String name) {
        return comparison.workloads().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }

    private Optional<Provider> provider(String name) {
        return comparison.providers().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }
}
