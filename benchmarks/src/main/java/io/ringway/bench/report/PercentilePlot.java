package io.ringway.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies as an SVG drawing: percentiles to the right, on a scale of 1 / (1 - p), so that each further nine takes the
 * same room; microseconds upwards, logarithmic; a line per provider. The last point of a line is its maximum. Colours come
 * from the page, by the classes of the lines.
 */
final class PercentilePlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = 724;
    private static final int TOP = 44;
    private static final int BOTTOM = 324;
    private static final int LEGEND_STEP = 170;

    /** Points in the first half of all messages, in the next quarter, in the next eighth and so on. */
    private static final int POINTS_PER_HALF = 5;

    private static final int FEWEST_NINES = 2;
    private static final int MOST_NINES = 7;
    private static final double NANOS_PER_MICRO = 1000;
    private static final double[] NAMED = {50, 99, 99.9, 100};

    /**
     * What to draw.
     *
     * @param name for the legend
     * @param style class of the line in the page's style sheet
     * @param histogram nanoseconds, at least one
     */
    record Line(String name, String style, Histogram histogram) {}

    /** A point of a line. */
    private record Point(double onesInOne, double micros) {}

    private final String id;
    private final String title;
    private final List<Line> lines;
    private final LogScale across;
    private final LogScale up;
    private final StringBuilder svg = new StringBuilder();

    /**
     * @param id for references within the page, a word
     * @param title what was measured
     * @param lines at least one
     */
    PercentilePlot(String id, String title, List<Line> lines) {
        this.id = id;
        this.title = title;
        this.lines = lines;
        long most = lines.stream()
                .mapToLong(line -> line.histogram().getTotalCount())
                .max()
                .orElseThrow();
        int nines = Math.clamp((long) Math.ceil(Math.log10((double) most)), FEWEST_NINES, MOST_NINES);
        this.across = new LogScale(1, Math.pow(10, nines), LEFT, RIGHT);
        double least = lines.stream()
                .mapToDouble(line -> line.histogram().getMinValue())
                .min()
                .orElseThrow();
        double greatest = lines.stream()
                .mapToDouble(line -> line.histogram().getMaxValue())
                .max()
                .orElseThrow();
        double floor = Math.floor(Math.log10(Math.max(1, least) / NANOS_PER_MICRO));
        double ceiling = Math.max(floor + 1, Math.ceil(Math.log10(greatest / NANOS_PER_MICRO)));
        this.up = new LogScale(Math.pow(10, floor), Math.pow(10, ceiling), BOTTOM, TOP);
    }

    String svg() {
        svg.setLength(0);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-labelledby=\"%s-title %s-desc\">",
                WIDTH, HEIGHT, id, id);
        add("<title id=\"%s-title\">%s: round trip by percentile</title>", id, Markup.text(title));
        add("<desc id=\"%s-desc\">%s</desc>", id, Markup.text(description()));
        percentileAxis();
        latencyAxis();
        int index = 0;
        for (Line line : lines) {
            line(index++, line);
        }
        add("</svg>");
        return svg.toString();
    }

    /** What one who can't see the drawing hears. */
    private String description() {
        return lines.stream()
                .map(line -> line.name() + ": " + named(line.histogram()))
                .collect(Collectors.joining(". "));
    }

    private static String named(Histogram histogram) {
        List<String> words = new ArrayList<>();
        for (double percentile : NAMED) {
            String name = percentile == 100 ? "maximum" : "p" + shortest(percentile);
            words.add(name + " " + Numbers.number(histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO, "µs"));
        }
        return String.join(", ", words);
    }

    private void percentileAxis() {
        percentile(2);
        for (double ones = across.low(); ones <= across.high() * 1.001; ones *= 10) {
            percentile(ones);
        }
        add(
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">percentile</text>",
                (LEFT + RIGHT) / 2, HEIGHT - 14);
    }

    /** Marks where one message in {@code ones} lies beyond. */
    private void percentile(double ones) {
        double x = across.at(ones);
        String name = shortest(100 - 100 / ones) + " %";
        add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, TOP, x, BOTTOM);
        add("<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, BOTTOM + 18, name);
    }

    private void latencyAxis() {
        for (double decade = up.low(); decade <= up.high() * 1.001; decade *= 10) {
            double y = up.at(decade);
            add("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, RIGHT, y);
            add(
                    "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y + 4, shortest(decade));
            for (int part : new int[] {2, 5}) {
                if (decade * part < up.high()) {
                    double between = up.at(decade * part);
                    add(
                            "<line class=\"fine\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                            LEFT, between, RIGHT, between);
                }
            }
        }
        int middle = (TOP + BOTTOM) / 2;
        add(
                "<text class=\"axis\" x=\"16\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %d)\">round"
                        + " trip, µs</text>",
                middle, middle);
    }

    private void line(int index, Line line) {
        int x = LEFT + index * LEGEND_STEP;
        add("<line class=\"line %s\" x1=\"%d\" y1=\"20\" x2=\"%d\" y2=\"20\"/>", line.style(), x, x + 28);
        add("<text class=\"legend\" x=\"%d\" y=\"24\">%s</text>", x + 36, Markup.text(line.name()));
        String points = points(line.histogram()).stream()
                .map(point ->
                        String.format(Locale.ROOT, "%.1f,%.1f", across.at(point.onesInOne()), up.at(point.micros())))
                .collect(Collectors.joining(" "));
        add(
                "<polyline class=\"line %s\" points=\"%s\"><title>%s</title></polyline>",
                line.style(), points, Markup.text(line.name() + ": " + named(line.histogram())));
    }

    private static List<Point> points(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        long all = histogram.getTotalCount();
        for (HistogramIterationValue step : histogram.percentiles(POINTS_PER_HALF)) {
            double rest = 1 - step.getPercentileLevelIteratedTo() / 100;
            double onesInOne = rest * all < 1 ? all : 1 / rest;
            points.add(new Point(onesInOne, step.getValueIteratedTo() / NANOS_PER_MICRO));
        }
        return points;
    }

    /** As many digits as it takes, no more. */
    private static String shortest(double number) {
        String text = String.format(Locale.ROOT, "%,.6f", number);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
