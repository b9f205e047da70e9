package io.ringway.bench.report;

import io.ringway.bench.run.Metric;
import java.util.Locale;

/** How a claim compares its figure with its base. */
public enum Bound {
    /** At least so many times better than the base. */
    TIMES_BETTER("≥ %s×"),
    /** At most so many times the base. */
    AT_MOST_TIMES("≤ %s×"),
    /** At most so much more than the base. */
    AT_MOST_MORE("≤ +%s %s"),
    /** At most so much in itself; the base is only shown. */
    AT_MOST("≤ %s %s"),
    /** Nothing is asked; the figure is only shown. */
    NONE("–");

    private final String words;

    Bound(String words) {
        this.words = words;
    }

    /** The ratio that is shown and judged: times better, or times the base. */
    double ratio(Metric metric, double value, double base) {
        return this == AT_MOST_TIMES || this == AT_MOST_MORE ? value / base : metric.timesBetter(value, base);
    }

    /** Whether {@code value} is what was asked. False where something is missing. */
    boolean holds(double asked, double value, double base, double ratio) {
        return switch (this) {
            case TIMES_BETTER -> ratio >= asked;
            case AT_MOST_TIMES -> ratio <= asked;
            case AT_MOST_MORE -> value - base <= asked;
            case AT_MOST -> value <= asked;
            case NONE -> true;
        };
    }

    /** What is asked, in words. */
    String asked(double asked, String unit) {
        String number = asked == Math.rint(asked) ? String.format(Locale.ROOT, "%.0f", asked) : Double.toString(asked);
        return String.format(Locale.ROOT, words, number, unit);
    }
}
