package io.ringway.bench.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Findings as text: a line per claim, and where Ringway is slower. */
public final class Summary {
    /** Of the columns of {@link #cells}. */
    static final List<String> HEADINGS = List.of("claim", "JDK, floor or other", "Ringway", "ratio", "asked", "");

    private final Findings findings;

    public Summary(Findings findings) {
        this.findings = findings;
    }

    public void print(PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        findings.verdicts().forEach(verdict -> rows.add(cells(verdict)));
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int width = width(rows, i);
                String blanks = " ".repeat(width - row.get(i).length());
                line.append(i == 0 ? row.get(i) + blanks : blanks + row.get(i)).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
        out.println();
        slower().forEach(out::println);
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    /** What a table shows of a verdict. */
    static List<String> cells(Verdict verdict) {
        Claim claim = verdict.claim();
        return List.of(
                claim.title(),
                Numbers.number(verdict.base(), claim.unit()),
                Numbers.number(verdict.value(), claim.unit()),
                Numbers.times(verdict.ratio()),
                claim.bound().asked(claim.asked(), claim.unit()),
                verdict.state().toString());
    }

    /** Where Ringway is slower, in words, a line each. */
    List<String> slower() {
        List<Slower> all = findings.slower();
        if (all.isEmpty()) {
            return List.of("Slower than the JDK's provider: nowhere");
        }
        return all.stream().map(Summary::line).toList();
    }

    private static String line(Slower slower) {
        return "Slower than the JDK's provider: " + slower.workload().name() + ", "
                + slower.figure() + ": " + Numbers.number(slower.value()) + " against "
                + Numbers.number(slower.base()) + ", " + Numbers.times(slower.times())
                + (slower.overlapping() ? " (rounds overlap)" : "");
    }
}
