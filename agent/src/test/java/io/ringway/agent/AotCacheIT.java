package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's ahead-of-time cache takes Ringway's classes from the class path, whether the flag or the agent installs it. */
class AotCacheIT {
    private static final List<String> OWN = List.of("io.ringway.stack.NetworkStack", "io.ringway.nio.RingwaySelector");

    @TempDir
    Path directory;

    private Path program;
    private Path cache;

    /** The cache takes classes from jars only. */
    @BeforeEach
    void pack() throws IOException {
        cache = directory.resolve("echo.aot");
        program = directory.resolve("echo.jar");
        Path classes = Path.of(Jvm.testClasses());
        try (OutputStream file = Files.newOutputStream(program);
                JarOutputStream jar = new JarOutputStream(file);
                DirectoryStream<Path> found =
                        Files.newDirectoryStream(classes.resolve("io/ringway/agent"), "Echo*.class")) {
            for (Path each : found) {
                jar.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, jar);
                jar.closeEntry();
            }
        }
    }

    @Test
    void byFlag() throws Exception {
        check(List.of(
                "-Djava.nio.channels.spi.SelectorProvider=io.ringway.RingwaySelectorProvider",
                "--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void byAgent() throws Exception {
        check(List.of(Jvm.agent("")));
    }

    private void check(List<String> installation) throws Exception {
        echo("-XX:AOTCacheOutput=" + cache, installation);
        String loaded = echo("-XX:AOTCache=" + cache, installation);
        for (String own : OWN) {
            List<String> lines = loaded.lines()
                    .filter(line -> line.contains(own + " source:"))
                    .toList();
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(lines.getFirst().endsWith("shared objects file"), lines.getFirst());
        }
    }

    private String echo(String cache, List<String> installation) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(cache, "-Xlog:class+load"));
        arguments.addAll(List.of("-Dringway.quiet=true", "-Dringway.strict=true"));
        arguments.addAll(installation);
        arguments.addAll(List.of("-cp", program + ":" + Jvm.JAR));
        arguments.addAll(List.of(Echo.class.getName(), "10"));
        Jvm jvm = Jvm.run(Jvm.CURRENT, arguments);
        assertEquals(0, jvm.exitCode(), jvm.err());
        assertTrue(jvm.out().contains("done"), jvm.err());
        return jvm.out();
    }
}
