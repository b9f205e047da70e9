package io.ringway.bench.report;

import io.ringway.bench.pairs.EncodedHistogram;
import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.Outcome;
import io.ringway.bench.run.PairRun;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Workload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A comparison whose outcomes are given. */
final class Sample {
    static final Provider JDK = Provider.jdk();
    static final Provider RINGWAY = Provider.ringwayByFlag(Path.of("ringway.jar"));

    private final Comparison comparison;

    Sample(String... workloads) {
        comparison = new Comparison(
                new PairRun(Path.of("java"), Path.of("programs.jar")),
                Arrays.stream(workloads).map(Workload::named).toList(),
                List.of(JDK, RINGWAY));
    }

    Findings findings() {
        return new Findings(comparison);
    }

    /** A round for each of {@code nanos}, in which 1,000 messages take that long and one ten times as long. */
    void latency(String workload, Provider provider, long... nanos) {
        for (long each : nanos) {
            Histogram histogram = new Histogram(3);
            histogram.setAutoResize(true);
            histogram.recordValueWithCount(each, 1000);
            histogram.recordValue(each * 10);
            Map<String, String> values = new HashMap<>();
            values.put("messages", "1001");
            values.put("p50_ns", Long.toString(each));
            values.put("p99_ns", Long.toString(each));
            values.put("p999_ns", Long.toString(each));
            values.put("max_ns", Long.toString(each * 10));
            values.put(EncodedHistogram.KEY, EncodedHistogram.of(histogram));
            take(workload, provider, values, "");
        }
    }

    /** A round for each of {@code values}. */
    void other(String workload, Provider provider, String key, double... values) {
        for (double each : values) {
            take(workload, provider, Map.of(key, Double.toString(each)), "");
        }
    }

    void failure(String workload, Provider provider, String what) {
        take(workload, provider, Map.of(), what);
    }

    private void take(String workload, Provider provider, Map<String, String> client, String failure) {
        comparison.take(Workload.named(workload), provider, new Outcome(client, Map.of(), 1, failure));
    }
}
