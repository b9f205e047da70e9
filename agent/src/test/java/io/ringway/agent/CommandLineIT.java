package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.SettingKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void everyKeyIsListedWithItsMeaning() throws Exception {
        Jvm jvm = Jvm.ringway("keys");
        assertEquals(0, jvm.exitCode());
        for (SettingKey key : SettingKey.values()) {
            assertTrue(jvm.out().contains(key.key()) && jvm.out().contains(key.meaning()), key.key());
        }
    }

    @Test
    void theReadmeHasTheTableOfKeys() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertTrue(
                readme.contains(Jvm.ringway("keys", "--markdown").out()), "run: java -jar ringway.jar keys --markdown");
    }

    @Test
    void aListingOfAnEmptyDirectorySaysSo(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Jvm jvm = Jvm.ringway("ss", "--directory", directory.toString());
        assertTrue(jvm.out().startsWith("no Ringway process"), jvm.out() + jvm.err());
    }

    @Test
    void eachOfSeveralDirectoriesIsListed(@TempDir Path directory) throws Exception {
        Path wrong = Files.createFile(directory.resolve("wrong"));
        String absent = directory.resolve("absent").toString();
        Jvm jvm = Jvm.ringway("ss", "--directory", absent + "," + wrong);
        assertTrue(jvm.out().startsWith("directory " + absent + "\nno Ringway process"), jvm.out() + jvm.err());
        assertTrue(jvm.out().endsWith("directory " + wrong + "\n" + wrong + " is not a directory\n"), jvm.out());
        assertEquals(0, jvm.exitCode());
        assertEquals(1, Jvm.ringway("ss", "--directory", wrong + "," + wrong).exitCode());
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
