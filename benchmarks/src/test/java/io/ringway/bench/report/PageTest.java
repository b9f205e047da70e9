package io.ringway.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page is well-formed, complete, and needs nothing from elsewhere. */
class PageTest {
    private static Sample sample() {
        Sample sample = new Sample("nio-ping", "floor-ping", "nio-idle-10k", "nio-stream-1k");
        sample.latency("nio-ping", Sample.JDK, 15_000, 16_000);
        sample.latency("nio-ping", Sample.RINGWAY, 20_000, 14_000);
        sample.latency("floor-ping", Sample.JDK, 300, 310);
        sample.other("nio-idle-10k", Sample.JDK, "idle_kib_per_connection", 10);
        sample.other("nio-idle-10k", Sample.RINGWAY, "idle_kib_per_connection", 9);
        sample.failure("nio-stream-1k", Sample.RINGWAY, "client said <nothing> & ended");
        return sample;
    }

    private static List<Element> elements(Document page, String tag) {
        NodeList all = page.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        return elements;
    }

    @Test
    void allThatWasFoundIsOnIt() throws Exception {
        Sample sample = sample();
        Document page = Xml.parse(new Page(sample.findings(), Map.of("Kernel", "Linux <6>")).html());
        assertEquals(
                List.of("claims", "slower", "figures", "memory"),
                elements(page, "table").stream()
                        .map(table -> table.getAttribute("class"))
                        .toList());
        int claims = elements(elements(page, "table").getFirst(), "tr");
        assertEquals(1 + sample.findings().verdicts().size(), claims);
        assertEquals(1, elements(page, "svg").size(), "floors go with what is compared with them");
        assertEquals(3, elements(page, "polyline").size());
        String text = page.getDocumentElement().getTextContent();
        assertTrue(text.contains("ringway: client said <nothing> & ended (nio-stream-1k)"), text);
        assertTrue(text.contains("Linux <6>"), text);
        assertTrue(text.contains("Met: 1 of 6."), text);
    }

    private static int elements(Element within, String tag) {
        return within.getElementsByTagName(tag).getLength();
    }

    @Test
    void nothingComesFromElsewhere() throws Exception {
        String page = new Page(sample().findings(), Map.of()).html();
        for (String word : List.of("<script", "<link", "<img", "@import", "url(", "src=", "href=")) {
            assertFalse(page.contains(word), word);
        }
        assertTrue(page.contains("prefers-color-scheme: dark"));
    }

    @Test
    void noWorseFigure_isSaid() throws Exception {
        Sample sample = new Sample("nio-first");
        sample.other("nio-first", Sample.JDK, "first_ms", 50);
        sample.other("nio-first", Sample.RINGWAY, "first_ms", 50);
        assertTrue(new Page(sample.findings(), Map.of()).html().contains("Nowhere, of what was run."));
    }
}
