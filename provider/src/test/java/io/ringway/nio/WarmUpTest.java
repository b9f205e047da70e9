package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a warm-up leaves behind: nothing but compiled code. */
@Timeout(60)
class WarmUpTest {
    @TempDir
    Path directory;

    @Test
    void nothingStays() throws Exception {
        try (ServerSocketChannel server = SeveralPorts.listen(SeveralPorts.guest(directory))) {
            Datapath datapath = SeveralPorts.datapath(server);
            awaitEnd();
            assertEquals("", datapath.lastTrouble());
            SeveralPorts.await("no connection", () -> connections(datapath) == 0);
            // The common one, and those of one pair of selectors at a time.
            assertEquals(3, datapath.lanes().length);
            assertTrue(frames(datapath) > 1_000, "no warm-up");
        }
    }

    @Test
    void aGuestThatComesMeanwhileIsServed() throws Exception {
        try (ServerSocketChannel server = SeveralPorts.listen(SeveralPorts.guest(directory))) {
            Datapath datapath = SeveralPorts.datapath(server);
            SeveralPorts.await("a warm-up", () -> frames(datapath) > 0);
            try (SocketChannel client = SeveralPorts.connect(SeveralPorts.guest(directory), server);
                    SocketChannel accepted = server.accept()) {
                assertEquals(PathReason.FABRIC, SeveralPorts.reason(client));
                exchange(client, accepted);
                awaitEnd();
                exchange(client, accepted);
                SeveralPorts.await("one connection", () -> connections(datapath) == 1);
            }
            assertEquals("", datapath.lastTrouble().replaceAll("process \\d+: left", ""));
        }
    }

    private static void exchange(SocketChannel from, SocketChannel to) throws IOException {
        from.write(SeveralPorts.bytes("question"));
        assertEquals("question", SeveralPorts.read(to, 8));
        to.write(SeveralPorts.bytes("answer"));
        assertEquals("answer", SeveralPorts.read(from, 6));
    }

    private static void awaitEnd() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("ringway-warm-up")) {
                assertTrue(thread.join(Duration.ofSeconds(30)));
            }
        }
    }

    private static int connections(Datapath datapath) {
        int sum = 0;
        for (Lane lane : datapath.lanes()) {
            sum += lane.stack.connections();
        }
        return sum;
    }

    private static long frames(Datapath datapath) {
        return datapath.portCounters().get("fabric").values().stream()
                .mapToLong(v -> v)
                .max()
                .orElse(0);
    }
}
