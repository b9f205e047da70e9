package io.ringway.bench.pairs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** One line of {@code key=value} pairs behind the word RESULT: what a pair program has to say. */
public final class Result {
    /** First word of a result line. */
    public static final String PREFIX = "RESULT";

    private final Map<String, String> values = new LinkedHashMap<>();

    Result put(String key, long value) {
        return put(key, Long.toString(value));
    }

    Result put(String key, double value) {
        return put(key, Double.toString(value));
    }

    Result put(String key, String value) {
        values.put(key, value.replaceAll("\\s+", "_"));
        return this;
    }

    Result putAll(Result other) {
        values.putAll(other.values);
        return this;
    }

    /** Percentiles of a histogram of nanoseconds, and all of it where it is the program's main one (no prefix). */
    Result put(String prefix, Histogram histogram) {
        if (prefix.isEmpty()) {
            put(EncodedHistogram.KEY, EncodedHistogram.of(histogram));
        }
        put(prefix + "p50_ns", histogram.getValueAtPercentile(50));
        put(prefix + "p99_ns", histogram.getValueAtPercentile(99));
        put(prefix + "p999_ns", histogram.getValueAtPercentile(99.9));
        return put(prefix + "max_ns", histogram.getMaxValue());
    }

    /** Reads a line back; empty when it is not a result line. */
    public static Map<String, String> parse(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        if (line.startsWith(PREFIX + " ")) {
            for (String pair : line.substring(PREFIX.length() + 1).trim().split(" ")) {
                int equals = pair.indexOf('=');
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" ", PREFIX + " ", ""));
    }
}
