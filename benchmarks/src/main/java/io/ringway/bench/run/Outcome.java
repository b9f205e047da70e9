package io.ringway.bench.run;

import io.ringway.bench.pairs.EncodedHistogram;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What one run of a pair has brought: the result lines of both programs, or what went wrong.
 *
 * @param client the client's result, empty if it printed none
 * @param server the server's result, empty if it printed none
 * @param wallMillis from starting the first program to the end of the last
 * @param failure empty, or why the run doesn't count
 */
public record Outcome(Map<String, String> client, Map<String, String> server, double wallMillis, String failure) {
    private static final double NANOS_PER_MICRO = 1e3;

    boolean failed() {
        return !failure.isEmpty();
    }

    /** A number of the client's result, NaN where it has none. */
    double number(String key) {
        return switch (key) {
            case "wall_ms" -> wallMillis;
            case "cpu_ms_per_second" -> cpuNanos() / 1e6 / read(client, "seconds");
            default -> read(client, key);
        };
    }

    /** The value of {@code metric}, NaN where this run has none; {@code other} names the client's key for OTHER. */
    double value(Metric metric, String other) {
        double messages = number("messages");
        return switch (metric) {
            case P50 -> number("p50_ns") / NANOS_PER_MICRO;
            case P99 -> number("p99_ns") / NANOS_PER_MICRO;
            case P999 -> number("p999_ns") / NANOS_PER_MICRO;
            case MAX -> number("max_ns") / NANOS_PER_MICRO;
            case RATE -> messages / number("seconds");
            case STREAM -> number("bytes") / number("seconds") / 1e9;
            case CPU -> cpuNanos() / messages / NANOS_PER_MICRO;
            case ALLOCATED -> number("allocated_per_message");
            case OTHER -> other.isEmpty() ? Double.NaN : number(other);
        };
    }

    /** Processor time of both processes in the measured part. */
    private double cpuNanos() {
        return read(client, "client_cpu_ns") + read(client, "server_cpu_ns");
    }

    /** The latencies that the client has seen, empty if it hands over none. */
    Optional<Histogram> histogram() {
        return Optional.ofNullable(client.get(EncodedHistogram.KEY)).map(EncodedHistogram::read);
    }

    private static double read(Map<String, String> result, String key) {
        String value = result.get(key);
        return value == null ? Double.NaN : Double.parseDouble(value);
    }
}
