package io.ringway.bench.report;

/** Text within HTML and SVG. */
final class Markup {
    private Markup() {}

    /** Nothing of {@code text} is taken for markup, in content or in quoted attributes. */
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
