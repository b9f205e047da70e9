package io.ringway.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The drawing is well-formed and shows what it was given. */
class PercentilePlotTest {
    private static final double LEFT = 70;
    private static final double RIGHT = 724;
    private static final double TOP = 44;
    private static final double BOTTOM = 324;

    private static Histogram histogram(long from, int count) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        for (int i = 0; i < count; i++) {
            histogram.recordValue(from + i * 10L);
        }
        return histogram;
    }

    private static Document draw(Map<String, Histogram> histograms) throws Exception {
        List<PercentilePlot.Line> lines = histograms.entrySet().stream()
                .map(line -> new PercentilePlot.Line(line.getKey(), "s0", line.getValue()))
                .toList();
        return Xml.parse(new PercentilePlot("plot", "ping & <pong>", lines).svg());
    }

    private static List<double[]> points(Document svg, int index) {
        Element line = (Element) svg.getElementsByTagName("polyline").item(index);
        List<double[]> points = new ArrayList<>();
        for (String point : line.getAttribute("points").split(" ")) {
            String[] numbers = point.split(",");
            points.add(new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])});
        }
        return points;
    }

    private static int steps(Histogram histogram) {
        int steps = 0;
        for (var step : histogram.percentiles(5)) {
            steps += step.getCountAddedInThisIterationStep() >= 0 ? 1 : 0;
        }
        return steps;
    }

    @Test
    void eachProviderHasALineWithAllItsPoints() throws Exception {
        Map<String, Histogram> lines = new LinkedHashMap<>();
        lines.put("JDK", histogram(15_000, 10_000));
        lines.put("Ringway", histogram(500, 100_000));
        lines.put("shared memory", histogram(200, 1));
        Document svg = draw(lines);
        assertEquals(3, svg.getElementsByTagName("polyline").getLength());
        int index = 0;
        for (Histogram histogram : lines.values()) {
            List<double[]> points = points(svg, index++);
            assertEquals(steps(histogram), points.size());
            double[] before = {LEFT, BOTTOM};
            for (double[] point : points) {
                assertTrue(point[0] >= before[0] && point[0] <= RIGHT, "rightwards");
                assertTrue(point[1] <= before[1] && point[1] >= TOP, "upwards");
                before = point;
            }
        }
    }

    @Test
    void eachNineTakesTheSameRoom() throws Exception {
        Document svg = draw(Map.of("JDK", histogram(1_000, 1_000)));
        List<double[]> points = points(svg, 0);
        assertEquals(LEFT, points.getFirst()[0], 0.1);
        assertEquals(RIGHT, points.getLast()[0], 0.1, "the maximum of 1,000 messages lies at 99.9 %");
        List<String> ticks = new ArrayList<>();
        NodeList texts = svg.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            ticks.add(texts.item(i).getTextContent());
        }
        assertTrue(
                ticks.containsAll(List.of(
                        "0 %", "50 %", "90 %", "99 %", "99.9 %", "1", "10", "percentile", "round trip, µs", "JDK")),
                ticks.toString());
    }

    @Test
    void latenciesLieWhereTheirDecadeSays() throws Exception {
        Histogram histogram = new Histogram(5);
        histogram.setAutoResize(true);
        histogram.recordValueWithCount(1_000, 999);
        histogram.recordValue(100_000);
        List<double[]> points = points(draw(Map.of("JDK", histogram)), 0);
        assertEquals(BOTTOM, points.getFirst()[1], 0.2, "1 µs");
        assertEquals(TOP, points.getLast()[1], 0.2, "100 µs");
    }

    @Test
    void whoDoesNotSeeItIsToldInWords() throws Exception {
        Document svg = draw(Map.of("JDK", histogram(1_000_000, 1)));
        Element root = svg.getDocumentElement();
        assertEquals("img", root.getAttribute("role"));
        assertEquals("plot-title plot-desc", root.getAttribute("aria-labelledby"));
        String title = svg.getElementsByTagName("title").item(0).getTextContent();
        assertEquals("ping & <pong>: round trip by percentile", title);
        String words = svg.getElementsByTagName("desc").item(0).getTextContent();
        assertTrue(words.startsWith("JDK: p50 1,000 µs, p99 1,000 µs, p99.9 1,000 µs, maximum 1,000 µs"), words);
    }
}
