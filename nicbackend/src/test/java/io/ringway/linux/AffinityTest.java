package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AffinityTest {
    /** The kernel's words on where the calling thread may run. */
    private static String permitted() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void leavingAProcessor_permitsTheSameOnesAfterwards() throws IOException {
        String before = permitted();
        assertFalse(before.isBlank());
        for (int i = 0; i < 20; i++) {
            Affinity.leaveProcessor();
            assertEquals(before, permitted());
        }
    }
}
