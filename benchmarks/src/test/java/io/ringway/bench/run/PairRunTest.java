package io.ringway.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pairs run, briefly, on the JDK's provider; what goes wrong is told. */
class PairRunTest {
    private final PairRun runner = new PairRun(JdkFinder.java(), Path.of(System.getProperty("java.class.path")));

    /** The JDK's provider, in JVMs that start fast. */
    private static Provider jdk() {
        return Provider.jdk().withFlags(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }

    private Outcome run(Provider provider, String workload) throws InterruptedException {
        return runner.run(
                provider, Workload.named(workload).with("warmup=0.05", "seconds=0.2", "gap_ms=10", "idle=10"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nio-ping",
                "nio-idle",
                "nio-many",
                "nio-wake",
                "nio-rate",
                "nio-paced",
                "nio-connect",
                "nio-beside-1x64k",
                "blocking-ping",
                "netty-many",
                "floor-ping"
            })
    void latencyIsMeasured(String workload) throws InterruptedException {
        Outcome outcome = run(jdk(), workload);
        assertEquals("", outcome.failure());
        assertTrue(outcome.value(Metric.RATE, "") > 0, outcome.toString());
        assertTrue(outcome.value(Metric.P50, "") > 0, outcome.toString());
        assertTrue(outcome.value(Metric.CPU, "") > 0, outcome.toString());
        assertTrue(outcome.histogram().orElseThrow().getTotalCount() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio-stream-64k", "netty-stream-1k", "floor-stream-1k"})
    void throughputIsMeasured(String workload) throws InterruptedException {
        Outcome outcome = run(jdk(), workload);
        assertEquals("", outcome.failure());
        assertTrue(outcome.value(Metric.STREAM, "") > 0, outcome.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio-silent", "nio-first", "start-tcp"})
    void otherThingsAreMeasured(String name) throws InterruptedException {
        Outcome outcome = run(jdk(), name);
        assertEquals("", outcome.failure());
        assertTrue(outcome.value(Metric.OTHER, Workload.named(name).other()) > 0, outcome.toString());
    }

    /** The cache takes classes from jars only. */
    @Test
    void programsStartFromACacheThatAFirstRunHasMade(@TempDir Path directory) throws Exception {
        PairRun cached = new PairRun(JdkFinder.java(), Path.of(jars(directory)));
        Workload first = Workload.named("nio-first").with("seconds=5");
        Outcome outcome =
                cached.run(Provider.jdk().withFlags(List.of("-XX:+UseSerialGC")).withCache(), first);
        assertEquals("", outcome.failure());
        assertTrue(outcome.value(Metric.OTHER, first.other()) > 0, outcome.toString());
    }

    @Test
    void nothingIsMeasuredWithoutTheCache() throws Exception {
        Provider cached = Provider.jdk().withFlags(List.of("-XX:+UseSerialGC")).withCache();
        Outcome outcome = runner.run(cached, Workload.named("start-none"));
        assertTrue(outcome.failure().contains("made no cache"), outcome.toString());
    }

    private static String jars(Path directory) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path place = Path.of(part);
            jars.add(Files.isDirectory(place) ? packed(place, directory.resolve(jars.size() + ".jar")) : part);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String packed(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar.toString();
    }

    @Test
    void aProviderThatIsMissingIsTold() throws InterruptedException {
        Provider missing = Provider.ringwayByFlag(Path.of("/nonexistent.jar"))
                .withFlags(List.of("-Djava.nio.channels.spi.SelectorProvider=no.such.Provider"));
        Workload ping = Workload.named("nio-ping").with("warmup=0.1", "seconds=0.2");
        Comparison comparison = new Comparison(runner, List.of(ping), List.of(jdk(), missing));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        comparison.run(1, Long.MAX_VALUE, new Progress(out), null);
        new Table(comparison, EnumSet.allOf(Metric.class)).print(out);
        assertTrue(comparison.ringwayMissing());
        assertTrue(
                comparison.failures().getFirst().contains("no.such.Provider"),
                comparison.failures().toString());
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("FAILED"));
        assertFalse(comparison.outcomes(ping, jdk()).isEmpty());
    }
}
