package io.ringway.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.bench.report.Verdict.State;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a comparison says, whose figures are known. */
class FindingsTest {
    private static String printed(Findings findings) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        new Summary(findings).print(new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void claimsOfWhatWasRunAreJudgedByMedians() {
        Sample sample = new Sample("nio-ping", "floor-ping");
        sample.latency("nio-ping", Sample.JDK, 15_000, 90_000, 60_000);
        sample.latency("nio-ping", Sample.RINGWAY, 600, 500, 9_000);
        sample.latency("floor-ping", Sample.JDK, 250, 300, 280);
        List<Verdict> verdicts = sample.findings().verdicts();
        assertEquals(3, verdicts.size(), verdicts.toString());
        assertEquals(60, verdicts.get(0).base());
        assertEquals(0.6, verdicts.get(0).value());
        assertEquals(100, verdicts.get(0).ratio(), 1e-9);
        assertEquals(0.28, verdicts.get(1).base());
        assertEquals(State.MET, verdicts.get(0).state());
        assertEquals(State.MET, verdicts.get(1).state());
        assertEquals(State.NOT_MET, verdicts.get(2).state());
        assertTrue(printed(sample.findings()).contains("100×"), printed(sample.findings()));
    }

    @Test
    void aFloorThatWasNotRunIsSaid() {
        Sample sample = new Sample("nio-ping");
        sample.latency("nio-ping", Sample.JDK, 15_000);
        sample.latency("nio-ping", Sample.RINGWAY, 500);
        assertEquals(
                List.of(State.MET, State.NOT_MEASURED, State.NOT_MEASURED),
                sample.findings().verdicts().stream().map(Verdict::state).toList());
    }

    @Test
    void whatIsWorseIsNamedInEveryFigure() {
        Sample sample = new Sample("nio-ping", "nio-wake", "nio-first");
        sample.latency("nio-ping", Sample.JDK, 15_000);
        sample.latency("nio-ping", Sample.RINGWAY, 500);
        sample.latency("nio-wake", Sample.JDK, 160_000);
        sample.latency("nio-wake", Sample.RINGWAY, 180_000);
        sample.other("nio-first", Sample.JDK, "first_ms", 50);
        sample.other("nio-first", Sample.RINGWAY, "first_ms", 100);
        List<Slower> slower = sample.findings().slower();
        assertEquals(
                Set.of("nio-wake p50 µs", "nio-wake p99 µs", "nio-first first_ms"),
                slower.stream()
                        .map(one -> one.workload().name() + " " + one.figure())
                        .collect(Collectors.toSet()));
        String text = printed(sample.findings());
        assertTrue(text.contains("Slower than the JDK's provider: nio-first, first_ms: 100 against 50.0, 0.50×"), text);
    }

    @Test
    void roundsThatOverlapAreMarked() {
        Sample sample = new Sample("nio-first");
        sample.other("nio-first", Sample.JDK, "first_ms", 50, 90, 60);
        sample.other("nio-first", Sample.RINGWAY, "first_ms", 80, 100, 120);
        assertTrue(sample.findings().slower().getFirst().overlapping());
        sample.other("nio-first", Sample.RINGWAY, "first_ms", 85, 100, 120);
        assertTrue(printed(sample.findings()).contains("(rounds overlap)"));
        Sample apart = new Sample("nio-first");
        apart.other("nio-first", Sample.JDK, "first_ms", 50, 79, 60);
        apart.other("nio-first", Sample.RINGWAY, "first_ms", 80, 100, 120);
        assertEquals(
                List.of(false),
                apart.findings().slower().stream().map(Slower::overlapping).toList());
    }

    @Test
    void noWorseFigure_isSlowerNowhere() {
        Sample sample = new Sample("nio-ping", "floor-ping");
        sample.latency("nio-ping", Sample.JDK, 15_000);
        sample.latency("nio-ping", Sample.RINGWAY, 15_000);
        sample.latency("floor-ping", Sample.JDK, 300);
        assertEquals(List.of(), sample.findings().slower());
        assertTrue(printed(sample.findings()).contains("Slower than the JDK's provider: nowhere"));
    }

    @Test
    void whatIsShownAsEqualIsNotSlower() {
        assertTrue(Slower.is(Metric.P50, 101, 100));
        assertTrue(!Slower.is(Metric.P50, 100.4, 100));
        assertTrue(Slower.is(Metric.RATE, 99, 100));
        assertTrue(!Slower.is(Metric.ALLOCATED, 200, 100));
        assertTrue(!Slower.is(Metric.P50, Double.NaN, 100));
        assertEquals("p50 µs", new Slower(Workload.named("nio-first"), Metric.P50, 1, 2, false).figure());
    }
}
