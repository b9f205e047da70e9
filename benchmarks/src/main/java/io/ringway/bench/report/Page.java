package io.ringway.bench.report;

import io.ringway.bench.run.Comparison;
import io.ringway.bench.run.Metric;
import io.ringway.bench.run.Outcome;
import io.ringway.bench.run.Provider;
import io.ringway.bench.run.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Findings as one HTML page that needs nothing from elsewhere: no script, no font, no picture. Also well-formed XML. */
public final class Page {
    private static final Map<Verdict.State, String> STYLES =
            Map.of(Verdict.State.MET, "met", Verdict.State.NOT_MET, "missed");
    private static final List<String> IDLE_PARTS =
            List.of("idle_heap_kib", "idle_mapped_kib", "idle_kernel_kib", "idle_kib_per_connection");

    private final Findings findings;
    private final Comparison comparison;
    private final Map<String, String> machine;
    private final StringBuilder html = new StringBuilder();

    /** @param machine what to say of the machine and the versions, in order */
    public Page(Findings findings, Map<String, String> machine) {
        this.findings = findings;
        this.comparison = findings.comparison();
        this.machine = machine;
    }

    /** The whole page. */
    public String html() throws IOException {
        html.setLength(0);
        html.append("""
            <!DOCTYPE html>
            <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
            <head>
            <meta charset="UTF-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>Ringway against the JDK's provider</title>
            <style>
            """);
        html.append(css()).append("</style>\n</head>\n<body>\n<h1>Ringway against the JDK's provider</h1>\n");
        paragraph("Unmodified programs, a server and a client in two JVMs on one host. Medians of "
                + comparison.rounds() + " rounds in which the providers take turns.");
        claims();
        slower();
        plots();
        figures();
        idleMemory();
        facts();
        return html.append("</body>\n</html>\n").toString();
    }

    private static String css() throws IOException {
        try (InputStream file = Page.class.getResourceAsStream("page.css")) {
            if (file == null) {
                throw new IOException("This jar was built without page.css");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void claims() {
        List<Verdict> verdicts = findings.verdicts();
        long met = verdicts.stream()
                .filter(verdict -> verdict.state() == Verdict.State.MET)
                .count();
        long asked = verdicts.stream()
                .filter(verdict -> verdict.state() != Verdict.State.NOTHING_ASKED)
                .count();
        heading("Claims");
        open(
                "claims",
                "Met: " + met + " of " + asked
                        + ". A ratio is times better; where at most so many × are asked, times as much.");
        row("th", "", Summary.HEADINGS);
        html.append("</thead>\n<tbody>\n");
        for (Verdict verdict : verdicts) {
            row("td", STYLES.getOrDefault(verdict.state(), ""), Summary.cells(verdict));
        }
        close();
        list(comparison.failures().stream().map(failure -> "Failed: " + failure).toList());
    }

    private void slower() {
        heading("Slower than the JDK's provider");
        List<Slower> all = findings.slower();
        if (all.isEmpty()) {
            paragraph("Nowhere, of what was run.");
            return;
        }
        open(
                "slower",
                "Every figure whose median is worse. Below 1 is worse than the JDK's; where rounds overlap,"
                        + " Ringway's best was no worse than the JDK's worst.");
        row("th", "", List.of("workload", "figure", "JDK", "Ringway", "times better", ""));
        html.append("</thead>\n<tbody>\n");
        for (Slower slower : all) {
            row(
                    "td",
                    "",
                    List.of(
                            slower.workload().name(),
                            slower.figure(),
                            Numbers.number(slower.base()),
                            Numbers.number(slower.value()),
                            Numbers.times(slower.times()),
                            slower.overlapping() ? "rounds overlap" : ""));
        }
        close();
    }

    private void plots() {
        List<Plots.Plot> plots = new Plots(comparison).all();
        if (plots.isEmpty()) {
            return;
        }
        heading("Latency by percentile");
        paragraph("All rounds together. Each further nine takes the same room; a line ends at its maximum.");
        for (Plots.Plot plot : plots) {
            Workload workload = plot.workload();
            html.append("<figure>\n<figcaption>").append(Markup.text(workload.title()));
            html.append(" <span class=\"soft\">")
                    .append(Markup.text(workload.name()))
                    .append("</span></figcaption>\n");
            html.append(plot.svg()).append("</figure>\n");
        }
    }

    private void figures() {
        Set<Metric> shown = EnumSet.noneOf(Metric.class);
        comparison.workloads().forEach(workload -> shown.addAll(workload.shows()));
        heading("All figures");
        open("figures", "Messages are round trips, or writes where GB/s is given. CPU counts both processes.");
        List<String> headings = new ArrayList<>(List.of("workload", "provider"));
        shown.forEach(metric -> headings.add(metric.title()));
        headings.add("connections");
        row("th", "", headings);
        html.append("</thead>\n<tbody>\n");
        for (Workload workload : comparison.workloads()) {
            for (Provider provider : comparison.providers()) {
                if (comparison.tried(workload, provider)) {
                    row("td", "", figures(workload, provider, shown));
                }
            }
        }
        close();
    }

    private List<String> figures(Workload workload, Provider provider, Set<Metric> shown) {
        List<String> cells = new ArrayList<>(List.of(workload.title(), provider.title()));
        shown.forEach(metric -> cells.add(Numbers.number(comparison.median(workload, provider, metric))));
        cells.add(comparison.path(workload, provider));
        return cells;
    }

    private void idleMemory() {
        List<Workload> idle = comparison.workloads().stream()
                .filter(workload -> workload.options().containsKey("memory"))
                .toList();
        if (idle.isEmpty()) {
            return;
        }
        heading("Memory of an idle connection");
        open("memory", "KiB for each connection, both processes together.");
        row("th", "", List.of("workload", "provider", "live heap", "mapped", "kernel", "sum", "kernel counted by"));
        html.append("</thead>\n<tbody>\n");
        for (Workload workload : idle) {
            for (Provider provider : comparison.providers()) {
                List<Outcome> outcomes = comparison.outcomes(workload, provider);
                if (!outcomes.isEmpty()) {
                    row("td", "", idleMemory(workload, provider, outcomes.getLast()));
                }
            }
        }
        close();
        paragraph("Live heap: what is in use after a collection, in both JVMs. Mapped: proportional set size of both"
                + " processes, pages that both map in halves; their heaps have a fixed size and are touched as a whole"
                + " at the start, so they are not counted twice. Kernel: by \"slabinfo\", the objects of the whole"
                + " system in the caches that sockets, files and epoll entries are made of, plus buffered bytes"
                + " (/proc/net/sockstat); by \"sockets\", where only root may read slabinfo, the open sockets by"
                + " 3,872 bytes, which is what these objects take together on Linux 6.18, plus the same.");
    }

    private List<String> idleMemory(Workload workload, Provider provider, Outcome latest) {
        List<String> cells = new ArrayList<>(List.of(workload.name(), provider.title()));
        IDLE_PARTS.forEach(part -> cells.add(Numbers.number(comparison.median(workload, provider, part))));
        cells.add(latest.client().getOrDefault("idle_kernel_by", ""));
        return cells;
    }

    private void facts() {
        heading("Machine and versions");
        html.append("<dl>\n");
        machine.forEach((name, value) -> html.append("<dt>")
                .append(Markup.text(name))
                .append("</dt><dd>")
                .append(Markup.text(value))
                .append("</dd>\n"));
        html.append("</dl>\n");
    }

    private void heading(String text) {
        html.append("<h2>").append(Markup.text(text)).append("</h2>\n");
    }

    private void paragraph(String text) {
        html.append("<p>").append(Markup.text(text)).append("</p>\n");
    }

    private void list(List<String> items) {
        if (!items.isEmpty()) {
            html.append("<ul>\n");
            items.forEach(item -> html.append("<li>").append(Markup.text(item)).append("</li>\n"));
            html.append("</ul>\n");
        }
    }

    private void open(String style, String caption) {
        html.append("<div class=\"wide\"><table class=\"").append(style).append("\">\n<caption>");
        html.append(Markup.text(caption)).append("</caption>\n<thead>\n");
    }

    /** @param lastStyle class of the last cell, or empty */
    private void row(String tag, String lastStyle, List<String> cells) {
        html.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            String scope = tag.equals("th") ? " scope=\"col\"" : "";
            String style = last && !lastStyle.isEmpty() ? " class=\"" + lastStyle + "\"" : "";
            html.append('<').append(tag).append(scope).append(style).append('>');
            html.append(Markup.text(cells.get(i))).append("</").append(tag).append('>');
        }
        html.append("</tr>\n");
    }

    private void close() {
        html.append("</tbody>\n</table></div>\n");
    }
}
