package io.ringway.bench.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A comparison as text: a block per workload, in it a line of medians per provider, and below each but the first how many
 * times better it is than the first.
 */
public final class Table {
    private static final String INDENT = "  ";
    private static final String NOTHING = "-";

    private final Comparison comparison;
    private final List<Metric> columns;
    private final int nameWidth;

    /** @param metrics what to show at most */
    public Table(Comparison comparison, Collection<Metric> metrics) {
        this.comparison = comparison;
        Set<Metric> shown = EnumSet.noneOf(Metric.class);
        comparison.workloads().forEach(workload -> shown.addAll(workload.shows()));
        shown.retainAll(metrics);
        columns = new ArrayList<>(shown);
        nameWidth = comparison.providers().stream()
                        .mapToInt(provider -> provider.title().length())
                        .max()
                        .orElse(0)
                + INDENT.length() * 2
                + "times better".length();
    }

    /** Prints the table and its legend. */
    public void print(PrintStream out) {
        StringBuilder heading = new StringBuilder(pad("", nameWidth));
        columns.forEach(column -> heading.append(right(column.title(), width(column))));
        out.println(heading.append(INDENT).append("path"));
        for (Workload workload : comparison.workloads()) {
            out.println(workload.title());
            for (Provider provider : comparison.providers()) {
                if (comparison.tried(workload, provider)) {
                    line(out, workload, provider);
                }
            }
        }
        out.println();
        out.println("Medians of " + comparison.rounds()
                + " alternating rounds. Messages are round trips, or writes where GB/s is given.");
        out.println("CPU per message counts both processes. Below 1.0x is worse than "
                + comparison.providers().getFirst().title() + ".");
    }

    private void line(PrintStream out, Workload workload, Provider provider) {
        StringBuilder line = new StringBuilder(pad(INDENT + provider.title(), nameWidth));
        for (Metric column : columns) {
            line.append(right(number(comparison.median(workload, provider, column)), width(column)));
        }
        out.println(line.append(INDENT).append(comparison.path(workload, provider)));
        Provider first = comparison.providers().getFirst();
        if (provider.equals(first) || !comparison.tried(workload, first)) {
            return;
        }
        StringBuilder ratios = new StringBuilder(pad(INDENT + INDENT + "times better", nameWidth));
        for (Metric column : columns) {
            double base = comparison.median(workload, first, column);
            double value = comparison.median(workload, provider, column);
            double times = column.timesBetter(value, base);
            ratios.append(right(times(times), width(column)));
        }
        out.println(ratios);
    }

    private static int width(Metric metric) {
        return Math.max(metric.title().length(), 9) + 2;
    }

    private static boolean finite(double value) {
        return Double.isFinite(value);
    }

    private static String number(double value) {
        if (!finite(value)) {
            return NOTHING;
        }
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.2f", value);
    }

    private static String times(double times) {
        return finite(times) ? String.format(Locale.ROOT, times < 10 ? "%.2fx" : "%.1fx", times) : NOTHING;
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }

    private static String pad(String text, int width) {
        char[] blanks = new char[Math.max(0, width - text.length())];
        Arrays.fill(blanks, ' ');
        return text + new String(blanks);
    }
}
