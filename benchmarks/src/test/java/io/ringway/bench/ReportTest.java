package io.ringway.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RingwaySelectorProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, briefly. */
class ReportTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int execute(String... args) {
        return Report.execute(new PrintStream(printed, true, StandardCharsets.UTF_8), args);
    }

    /** Ringway is on the class path of these tests, so any file of it will do. */
    private static String ringway() throws Exception {
        return Path.of(RingwaySelectorProvider.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    @Test
    void oneCommandMeasuresPrintsAndWrites() throws Exception {
        Path page = folder.resolve("report.html");
        int code = execute(
                "--ringway",
                ringway(),
                "--html",
                page.toString(),
                "--rounds",
                "1",
                "--only",
                "nio-ping,floor-ping",
                "--set",
                "warmup=0.1",
                "--set",
                "seconds=0.3");
        String text = printed.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, text);
        assertTrue(text.contains("Plain NIO ping-pong, 64 B, p50"), text);
        assertTrue(text.contains("Slower than the JDK's provider: "), text);
        assertTrue(text.contains("1 of 1 accelerated"), text);
        assertTrue(text.matches("(?s).*Netty: \\d+\\.\\d+.*"), text);
        String html = Files.readString(page);
        assertEquals(3, html.split("<polyline", -1).length - 1);
    }

    @Test
    void whatIsNotThereIsTold() throws Exception {
        assertEquals(2, execute("--ringway", folder.resolve("none.jar").toString()));
        assertEquals(2, execute("--ringway", ringway(), "--only", "no-such-workload"));
        assertEquals(2, execute());
    }
}
