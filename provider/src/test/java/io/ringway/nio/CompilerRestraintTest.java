package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringway.PathReason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the compilers of this JVM leave a processor where they have two, and have all of them again afterwards. */
@Timeout(60)
class CompilerRestraintTest {
    @TempDir
    Path directory;

    /** Again and again until it was seen: this thread may not run for as long as a restraint lasts. */
    @Test
    void whoHasTwoProcessorsLeavesOneForAWhile() throws Exception {
        SeveralPorts.await("no restraint by other tests", () -> !isRunning());
        SortedSet<String> before = permitted();
        Assumptions.assumeTrue(processors(before) == 2, "compilers have not two processors here");
        boolean seen = false;
        while (!seen) {
            try (ServerSocketChannel server = SeveralPorts.listen(SeveralPorts.guest(directory));
                    SocketChannel client = SeveralPorts.connect(SeveralPorts.guest(directory), server)) {
                assertEquals(PathReason.FABRIC, SeveralPorts.reason(client));
                while (!seen && isRunning()) {
                    seen = processors(permitted()) == 1;
                }
            }
        }
        SeveralPorts.await("the end of the restraint", () -> !isRunning());
        assertEquals(before, permitted());
    }

    @Test
    void onceTwoProcessesHaveMet_allIsAsItWas() throws Exception {
        SeveralPorts.await("no restraint by other tests", () -> !isRunning());
        SortedSet<String> before = permitted();
        assertFalse(before.isEmpty());
        try (ServerSocketChannel server = SeveralPorts.listen(SeveralPorts.guest(directory));
                SocketChannel client = SeveralPorts.connect(SeveralPorts.guest(directory), server);
                SocketChannel accepted = server.accept()) {
            assertEquals(PathReason.FABRIC, SeveralPorts.reason(client));
            SeveralPorts.echo(client, accepted);
            SeveralPorts.await("the end of the restraint", () -> !isRunning());
            assertEquals(before, permitted());
            assertEquals("", SeveralPorts.datapath(server).lastTrouble());
        }
    }

    /** How many are in the only set there is; 0 if there are several. */
    private static int processors(SortedSet<String> sets) {
        String only = sets.size() == 1 ? sets.first() : "";
        String digits = only.substring(only.indexOf(':') + 1).replace(",", "").strip();
        return digits.isEmpty() ? 0 : new BigInteger(digits, 16).bitCount();
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("ringway-restraint"));
    }

    /** The different sets of processors that compilers may run on, in the kernel's words. */
    private static SortedSet<String> permitted() throws IOException {
        SortedSet<String> sets = new TreeSet<>();
        try (var threads = Files.list(Path.of("/proc/self/task"))) {
            threads.map(CompilerRestraintTest::status)
                    .filter(status -> !status.isEmpty() && status.getFirst().contains("Compil"))
                    .forEach(status -> status.stream()
                            .filter(line -> line.startsWith("Cpus_allowed:"))
                            .forEach(sets::add));
        }
        return sets;
    }

    private static List<String> status(Path thread) {
        try {
            return Files.readAllLines(thread.resolve("status"));
        } catch (IOException e) {
            // It has just ended.
            return List.of();
        }
    }
}
