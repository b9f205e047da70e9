package io.ringway.bench.report;

import java.util.Locale;

/** Figures as text: three digits that count, nothing for what is missing. */
final class Numbers {
    private static final String MISSING = "–";

    private Numbers() {}

    static String number(double value) {
        if (!Double.isFinite(value)) {
            return MISSING;
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    static String number(double value, String unit) {
        return Double.isFinite(value) ? number(value) + " " + unit : MISSING;
    }

    static String times(double ratio) {
        return Double.isFinite(ratio) ? number(ratio) + "×" : MISSING;
    }
}
