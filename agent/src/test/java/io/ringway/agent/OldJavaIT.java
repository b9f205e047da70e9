package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a JVM that Ringway can't serve. Runs where a JDK from 11 to 24 is installed beside the one that runs the tests. */
class OldJavaIT {
    private static final Pattern OLD = Pattern.compile("JAVA_VERSION=\"(1[1-9]|2[0-4])[.\"]");

    private static Path oldJava;

    @TempDir
    Path directory;

    @BeforeAll
    static void findOldJava() throws IOException {
        try (Stream<Path> homes = Files.list(Jvm.CURRENT.getParent())) {
            Optional<Path> found = homes.filter(OldJavaIT::isOld).findFirst();
            assumeTrue(found.isPresent(), "no JDK from 11 to 24 in " + Jvm.CURRENT.getParent());
            oldJava = found.orElseThrow();
        }
    }

    @Test
    void theAgentSaysOneLineAndTheProgramRuns() throws Exception {
        Jvm jvm = Jvm.run(oldJava, List.of(Jvm.agent(""), program()));
        assertEquals("null\n", jvm.out());
        assertTrue(
                jvm.err()
                        .matches("ringway: not active: needs Java 25 or newer on Linux, this is Java [0-9.]+ on Linux, "
                                + "the JDK's own provider is used\n"),
                jvm.err());
        assertEquals(0, jvm.exitCode());
    }

    @Test
    void strictMakesItAnError() throws Exception {
        Jvm jvm = Jvm.run(oldJava, List.of(Jvm.agent("strict=true"), program()));
        assertEquals("", jvm.out());
        assertEquals(1, jvm.err().lines().count(), jvm.err());
        assertEquals(1, jvm.exitCode());
    }

    @Test
    void strictMayStandInTheConfigurationFile() throws Exception {
        Path file = Files.writeString(directory.resolve("ringway.properties"), "ringway.strict=true\n");
        Jvm jvm = Jvm.run(oldJava, List.of(Jvm.agent("config=" + file), program()));
        assertEquals("", jvm.out());
        assertEquals(1, jvm.exitCode());
    }

    @Test
    void theCommandLineFindsAJavaThatWillDo() throws Exception {
        Jvm jvm = Jvm.run(oldJava, List.of("-jar", Jvm.JAR.toString(), "version"));
        assertTrue(jvm.out().matches("ringway \\S+, Java (2[5-9]|[3-9]\\d)\\S* on Linux .*\n"), jvm.toString());
        assertEquals(0, jvm.exitCode());
    }

    /** Run from its source, so that the old Java compiles it. */
    private String program() throws IOException {
        return Files.writeString(directory.resolve("Program.java"), """
            class Program {
                public static void main(String[] arguments) {
                    System.out.println(System.getProperty("java.nio.channels.spi.SelectorProvider"));
                }
            }
            """).toString();
    }

    private static boolean isOld(Path home) {
        try {
            return OLD.matcher(Files.readString(home.resolve("release"))).find()
                    && Files.isExecutable(home.resolve("bin/javac"));
        } catch (IOException e) {
            return false;
        }
    }
}
