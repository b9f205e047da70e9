package io.ringway.bench.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** A histogram gets through a result line as it is. */
class EncodedHistogramTest {
    private static Histogram filled() {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        for (long value = 300; value < 40_000_000; value += value / 7) {
            histogram.recordValueWithCount(value, 1 + 40_000_000 / value);
        }
        return histogram;
    }

    @Test
    void nothingIsLostOnTheWay() {
        Histogram sent = filled();
        Map<String, String> line = Result.parse(new Result().put("", sent).toString());
        Histogram got = EncodedHistogram.read(line.get(EncodedHistogram.KEY));
        assertEquals(sent, got);
        assertEquals(sent.getTotalCount(), got.getTotalCount());
        assertEquals(sent.getMaxValue(), got.getMaxValue());
        assertEquals(line.get("p999_ns"), Long.toString(got.getValueAtPercentile(99.9)));
    }

    @Test
    void whatWasReadTakesInMore() {
        Histogram small = new Histogram(3);
        small.setAutoResize(true);
        small.recordValue(500);
        Histogram all = EncodedHistogram.read(EncodedHistogram.of(small));
        all.add(EncodedHistogram.read(EncodedHistogram.of(filled())));
        assertEquals(1 + filled().getTotalCount(), all.getTotalCount());
    }

    @Test
    void onlyTheMainHistogramIsHandedOver() {
        assertTrue(Result.parse(new Result().put("one_way_", filled()).toString()).keySet().stream()
                .noneMatch(key -> key.contains(EncodedHistogram.KEY)));
    }

    @Test
    void garbageIsTold() {
        assertThrows(IllegalArgumentException.class, () -> EncodedHistogram.read("no base64!"));
        assertThrows(IllegalArgumentException.class, () -> EncodedHistogram.read("AAAAAAAA"));
        assertThrows(IllegalArgumentException.class, () -> EncodedHistogram.read(""));
    }
}
