package io.ringway.bench.report;

/**
 * A logarithmic axis.
 *
 * @param low the value at {@code from}, above 0
 * @param high the value at {@code to}
 * @param from where the axis begins, in pixels
 * @param to where it ends
 */
record LogScale(double low, double high, double from, double to) {
    /** Where {@code value} lies; beyond the axis, its nearer end. */
    double at(double value) {
        double inside = Math.clamp(value, low, high);
        return from + (to - from) * Math.log(inside / low) / Math.log(high / low);
    }
}
