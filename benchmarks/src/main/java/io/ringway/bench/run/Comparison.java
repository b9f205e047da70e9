package io.ringway.bench.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Runs workloads on providers, alternately: all workloads once on every provider, then again in the other order, since
 * whoever runs second may find the machine as the first has left it. What disturbs the machine for a while disturbs all
 * providers alike.
 */
public final class Comparison {
    private record Cell(Workload workload, Provider provider) {}

    private final PairRun runner;
    private final List<Workload> workloads;
    private final List<Provider> providers;
    private final Map<Cell, List<Outcome>> outcomes = new LinkedHashMap<>();
    private final Map<String, List<String>> failures = new LinkedHashMap<>();
    private int rounds;

    public Comparison(PairRun runner, List<Workload> workloads, List<Provider> providers) {
        this.runner = runner;
        this.workloads = workloads;
        this.providers = providers;
    }

    /**
     * Runs {@code wanted} rounds, or as many as fit into {@code budgetSeconds}, but one at least.
     *
     * @param listener is told each outcome as it comes, or null
     */
    public void run(int wanted, long budgetSeconds, Progress progress, @Nullable Listener listener)
            throws InterruptedException {
        long longest = 0;
        for (rounds = 0; rounds < wanted; rounds++) {
            long before = progress.elapsedSeconds();
            if (rounds > 0 && before + longest > budgetSeconds) {
                break;
            }
            round(wanted, progress, listener);
            longest = Math.max(longest, progress.elapsedSeconds() - before + 1);
        }
        progress.end();
    }

    private void round(int wanted, Progress progress, @Nullable Listener listener) throws InterruptedException {
        List<Provider> order = rounds % 2 == 0 ? providers : providers.reversed();
        for (Workload workload : workloads) {
            for (Provider provider : order) {
                if (!provider.runs(workload)) {
                    continue;
                }
                progress.say(
                        "round %d of %d: %s, %s".formatted(rounds + 1, wanted, workload.title(), provider.title()));
                Outcome outcome = runner.run(provider, workload);
                take(workload, provider, outcome);
                if (listener != null) {
                    listener.outcome(workload, provider, rounds, outcome);
                }
            }
        }
    }

    /** Takes in what one run has brought. */
    public void take(Workload workload, Provider provider, Outcome outcome) {
        outcomes.computeIfAbsent(new Cell(workload, provider), cell -> new ArrayList<>())
                .add(outcome);
        if (outcome.failed()) {
            failures.computeIfAbsent(provider.name() + ": " + outcome.failure(), what -> new ArrayList<>())
                    .add(workload.name());
        }
    }

    /** Is told outcomes. */
    @FunctionalInterface
    public interface Listener {
        void outcome(Workload workload, Provider provider, int round, Outcome outcome);
    }

    public List<Workload> workloads() {
        return workloads;
    }

    public List<Provider> providers() {
        return providers;
    }

    /** Rounds that were run. */
    public int rounds() {
        return rounds;
    }

    /** What went wrong, in words: a line per kind of failure. */
    public List<String> failures() {
        return failures.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                .toList();
    }

    /** Outcomes that count. */
    public List<Outcome> outcomes(Workload workload, Provider provider) {
        return outcomes.getOrDefault(new Cell(workload, provider), List.of()).stream()
                .filter(outcome -> !outcome.failed())
                .toList();
    }

    /** Whether the pair was run at all. */
    public boolean tried(Workload workload, Provider provider) {
        return outcomes.containsKey(new Cell(workload, provider));
    }

    /** The median of the rounds, NaN where there is none. */
    public double median(Workload workload, Provider provider, Metric metric) {
        return median(values(workload, provider, metric));
    }

    /** The figures of the rounds in ascending order, none where the workload doesn't show them. */
    public double[] values(Workload workload, Provider provider, Metric metric) {
        if (!workload.shows().contains(metric)) {
            return new double[0];
        }
        return outcomes(workload, provider).stream()
                .mapToDouble(outcome -> outcome.value(metric, workload.other()))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    /** The latencies of all rounds together, empty where there are none. */
    public Optional<Histogram> latencies(Workload workload, Provider provider) {
        return outcomes(workload, provider).stream()
                .flatMap(outcome -> outcome.histogram().stream())
                .filter(histogram -> histogram.getTotalCount() > 0)
                .reduce((all, more) -> {
                    all.add(more);
                    return all;
                });
    }

    /** The median of a number that clients hand over under {@code key}, NaN where there is none. */
    public double median(Workload workload, Provider provider, String key) {
        return median(outcomes(workload, provider).stream()
                .mapToDouble(outcome -> outcome.number(key))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray());
    }

    private static double median(double[] ascending) {
        int middle = ascending.length / 2;
        if (ascending.length == 0) {
            return Double.NaN;
        }
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /** Which way the connections of the latest run took, "FAILED" where no run counts. */
    public String path(Workload workload, Provider provider) {
        List<Outcome> counted = outcomes(workload, provider);
        if (counted.isEmpty()) {
            return "FAILED";
        }
        return workload.server().isEmpty() || workload.floor() ? "-" : provider.path(counted.getLast());
    }

    private boolean accelerated(Workload workload, Provider provider) {
        List<Outcome> counted = outcomes(workload, provider);
        return !counted.isEmpty()
                && counted.stream().allMatch(outcome -> outcome.number("bean.AcceleratedConnections") > 0);
    }

    /** Whether Ringway was expected somewhere and carried no connection there. */
    public boolean ringwayMissing() {
        for (Provider provider : providers) {
            for (Workload workload : workloads) {
                boolean possible = provider.ringway() && !workload.server().isEmpty() && !workload.kernel();
                if (possible && tried(workload, provider) && !accelerated(workload, provider)) {
                    return true;
                }
            }
        }
        return false;
    }
}
