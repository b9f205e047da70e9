package io.ringway.bench.report;

import static io.ringway.bench.report.Bound.AT_MOST;
import static io.ringway.bench.report.Bound.AT_MOST_MORE;
import static io.ringway.bench.report.Bound.AT_MOST_TIMES;
import static io.ringway.bench.report.Bound.NONE;
import static io.ringway.bench.report.Bound.TIMES_BETTER;
import static io.ringway.bench.run.Metric.CPU;
import static io.ringway.bench.run.Metric.OTHER;
import static io.ringway.bench.run.Metric.P50;
import static io.ringway.bench.run.Metric.P99;
import static io.ringway.bench.run.Metric.P999;
import static io.ringway.bench.run.Metric.RATE;
import static io.ringway.bench.run.Metric.STREAM;

import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Workload;
import java.util.List;

/**
 * What is claimed of one figure.
 *
 * @param title in words
 * @param figure Ringway's
 * @param base what it is compared with
 * @param bound how
 * @param asked the number that the bound needs
 * @param unit of both figures
 */
public record Claim(String title, Figure figure, Figure base, Bound bound, double asked, String unit) {
    static final String JDK = "jdk";
    static final String RINGWAY = "ringway";

    private static final String MICROS = "µs";
    private static final String MESSAGES = "messages/s";
    private static final String STREAMED = "GB/s";
    private static final String MILLIS = "ms";

    /** All there are. */
    public static final List<Claim> ALL = List.of(
            jdk("Plain NIO ping-pong, 64 B, p50", "nio-ping", P50, TIMES_BETTER, 15, MICROS),
            other("… against shared memory, p50", "nio-ping", "floor-ping", P50, AT_MOST_TIMES, 3, MICROS),
            other("… against shared memory, p99.9", "nio-ping", "floor-ping", P999, AT_MOST_TIMES, 2, MICROS),
            jdk("Netty ping-pong, 64 B, p50", "netty-ping", P50, TIMES_BETTER, 8, MICROS),
            new Claim(
                    "… against Netty's epoll, spinning, p50",
                    new Figure("netty-ping", RINGWAY, P50),
                    new Figure("netty-ping", "epoll-spin", P50),
                    TIMES_BETTER,
                    4,
                    MICROS),
            jdk("Stream, 64 KiB writes", "nio-stream-64k", STREAM, TIMES_BETTER, 2.5, STREAMED),
            other(
                    "… against shared memory",
                    "nio-stream-64k",
                    "floor-stream-64k",
                    STREAM,
                    TIMES_BETTER,
                    0.75,
                    STREAMED),
            jdk("Stream, 1 KiB writes", "nio-stream-1k", STREAM, TIMES_BETTER, 5, STREAMED),
            jdk("64 connections at once, plain NIO", "nio-many", RATE, TIMES_BETTER, 6, MESSAGES),
            jdk("64 connections at once, Netty", "netty-many", RATE, TIMES_BETTER, 6, MESSAGES),
            jdk("Connect, one request, close", "nio-connect", RATE, TIMES_BETTER, 5, "/s"),
            jdk("Memory of one of 10,000 idle connections", "nio-idle-10k", OTHER, AT_MOST, 16, "KiB"),
            new Claim(
                    "Ping-pong beside 10,000 idle connections against alone, p50",
                    new Figure("nio-idle-10k", RINGWAY, P50),
                    new Figure("nio-ping", RINGWAY, P50),
                    AT_MOST_TIMES,
                    1.05,
                    MICROS),
            new Claim(
                    "Ping-pong beside a stream of 64 KiB writes against alone, p99",
                    new Figure("nio-beside-1x64k", RINGWAY, P99),
                    new Figure("nio-beside-none", RINGWAY, P99),
                    AT_MOST_TIMES,
                    5,
                    MICROS),
            jdk("CPU per message, 10,000 messages/s evenly", "nio-paced", CPU, AT_MOST_TIMES, 1, MICROS),
            jdk("CPU per message, 10,000 messages/s in ticks", "nio-rate", CPU, AT_MOST_TIMES, 1, MICROS),
            jdk("First 1,000 messages of fresh JVMs", "nio-first", OTHER, AT_MOST_TIMES, 1.5, MILLIS),
            jdk("The same, the server started 3 s before", "nio-first-later", OTHER, AT_MOST_TIMES, 1.5, MILLIS),
            jdk("Start and end of a JVM, no TCP", "start-none", OTHER, NONE, 0, MILLIS),
            jdk("Start and end of a JVM, one connection", "start-tcp", OTHER, AT_MOST_MORE, 150, MILLIS));

    /** Whether it takes a run of {@code workload} to judge it. */
    public boolean speaksOf(Workload workload) {
        return workload.name().equals(figure.workload()) || workload.name().equals(base.workload());
    }

    /** Against the same workload on the JDK's provider. */
    private static Claim jdk(String title, String workload, Metric metric, Bound bound, double asked, String unit) {
        Figure figure = new Figure(workload, RINGWAY, metric);
        return new Claim(title, figure, figure.on(JDK), bound, asked, unit);
    }

    /** Against a workload that uses no sockets. */
    private static Claim other(
            String title, String workload, String floor, Metric metric, Bound bound, double asked, String unit) {
        Figure figure = new Figure(workload, RINGWAY, metric);
        return new Claim(title, figure, figure.of(floor).on(JDK), bound, asked, unit);
    }
}
