package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringway.PathReason;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the compilers of this JVM have all their processors again. */
@Timeout(60)
class CompilerRestraintTest {
    @TempDir
    Path directory;

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
