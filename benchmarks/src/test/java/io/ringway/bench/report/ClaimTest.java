package io.ringway.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.bench.report.Verdict.State;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked, and when it holds. */
class ClaimTest {
    private static Verdict verdict(Bound bound, double asked, Metric metric, double base, double value) {
        Figure figure = new Figure("nio-ping", Claim.RINGWAY, metric);
        return new Verdict(new Claim("title", figure, figure.on(Claim.JDK), bound, asked, "unit"), base, value);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMES_BETTER, 15, P50, 30, 2, 15, MET",
        "TIMES_BETTER, 15, P50, 30, 2.01, 14.925, NOT_MET",
        "TIMES_BETTER, 2.5, STREAM, 4, 10, 2.5, MET",
        "TIMES_BETTER, 2.5, STREAM, 4, 9.9, 2.475, NOT_MET",
        "TIMES_BETTER, 0.75, STREAM, 12, 9, 0.75, MET",
        "TIMES_BETTER, 6, RATE, 100, 599, 5.99, NOT_MET",
        "AT_MOST_TIMES, 3, P50, 0.2, 0.6, 3, MET",
        "AT_MOST_TIMES, 2, P999, 1, 2.1, 2.1, NOT_MET",
        "AT_MOST_TIMES, 1, CPU, 50, 50, 1, MET",
        "AT_MOST_TIMES, 1.05, P50, 100, 106, 1.06, NOT_MET",
        "AT_MOST_MORE, 150, OTHER, 80, 230, 2.875, MET",
        "AT_MOST_MORE, 150, OTHER, 80, 231, 2.8875, NOT_MET",
        "AT_MOST, 16, OTHER, 8, 16, 0.5, MET",
        "AT_MOST, 16, OTHER, 40, 17, 2.3529, NOT_MET",
        "NONE, 0, OTHER, 60, 120, 0.5, NOTHING_ASKED"
    })
    void aClaimIsJudged(
            Bound bound, double asked, Metric metric, double base, double value, double ratio, State state) {
        Verdict verdict = verdict(bound, asked, metric, base, value);
        assertEquals(ratio, verdict.ratio(), 0.001);
        assertEquals(state, verdict.state());
    }

    @ParameterizedTest
    @CsvSource({
        "TIMES_BETTER, NaN, 1, NOT_MEASURED",
        "TIMES_BETTER, 1, NaN, NOT_MEASURED",
        "AT_MOST_TIMES, NaN, 1, NOT_MEASURED",
        "NONE, 1, NaN, NOT_MEASURED",
        "AT_MOST, 1, NaN, NOT_MEASURED",
        "AT_MOST, NaN, 1, MET"
    })
    void whatIsMissingIsNotMet(Bound bound, double base, double value, State state) {
        assertEquals(state, verdict(bound, 2, Metric.P50, base, value).state());
    }

    @Test
    void whatIsAskedIsSaid() {
        assertEquals("≥ 15×", Bound.TIMES_BETTER.asked(15, "µs"));
        assertEquals("≤ +150 ms", Bound.AT_MOST_MORE.asked(150, "ms"));
        assertEquals("≤ 1.05×", Bound.AT_MOST_TIMES.asked(1.05, "µs"));
        assertEquals("≤ 16 KiB", Bound.AT_MOST.asked(16, "KiB"));
        assertEquals("–", Bound.NONE.asked(0, "ms"));
    }

    /** A claim about something that no workload shows would never be judged. */
    @Test
    void claimsSpeakOfFiguresThatAreShown() {
        for (Claim claim : Claim.ALL) {
            assertShown(claim.figure());
            assertShown(claim.base());
        }
    }

    private static void assertShown(Figure figure) {
        assertTrue(Workload.named(figure.workload()).shows().contains(figure.metric()), figure.toString());
    }
}
