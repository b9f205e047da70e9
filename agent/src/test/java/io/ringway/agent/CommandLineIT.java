package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandLineIT {
    @Test
    void withoutACommandItPrintsItsHelp() throws Exception {
        Jvm jvm = Jvm.ringway();
        assertTrue(jvm.out().startsWith("Usage: java -jar ringway.jar <command>"), jvm.out());
        assertEquals("", jvm.err());
        assertEquals(0, jvm.exitCode());
    }

    @Test
    void aWrongCommandIsNamedTogetherWithTheRightOnes() throws Exception {
        Jvm jvm = Jvm.ringway("atach", "1");
        assertEquals(2, jvm.exitCode());
        assertTrue(jvm.err().startsWith("ringway: there is no atach\n"), jvm.err());
        assertTrue(jvm.err().contains("attach") && jvm.err().contains("version"), jvm.err());
    }

    @Test
    void aWrongOptionIsNamed() throws Exception {
        Jvm jvm = Jvm.ringway("version", "--long");
        assertEquals(2, jvm.exitCode());
        assertTrue(jvm.err().contains("--long"), jvm.err());
        assertTrue(jvm.err().contains("Usage: java -jar ringway.jar version"), jvm.err());
    }

    @Test
    void versionIsThatOfTheBuild() throws Exception {
        Jvm jvm = Jvm.ringway("version");
        assertTrue(jvm.out().matches("ringway \\d+\\.\\d+\\.\\d+\\S*, Java .*\n"), jvm.out());
        assertEquals(0, jvm.exitCode());
    }

    @Test
    void attachNeedsAProcess() throws Exception {
        assertEquals(2, Jvm.ringway("attach").exitCode());
        assertEquals(2, Jvm.ringway("attach", "self").exitCode());
        Jvm jvm = Jvm.ringway("attach", "2147483647");
        assertEquals("ringway: there is no process 2147483647\n", jvm.err());
        assertEquals(1, jvm.exitCode());
    }
}
