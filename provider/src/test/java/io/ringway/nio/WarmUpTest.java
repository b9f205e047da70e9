package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
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
            RegisteredPair.awaitWarmUp();
            assertEquals("", datapath.lastTrouble());
            SeveralPorts.await("no connection", () -> connections(datapath) == 0);
            // The common one, and those of one pair of selectors at a time.
            assertEquals(3, datapath.lanes().length);
            assertTrue(frames(datapath) > 2_000, frames(datapath) + " frames");
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
                SeveralPorts.echo(client, accepted);
                RegisteredPair.awaitWarmUp();
                SeveralPorts.echo(client, accepted);
                SeveralPorts.await("one connection", () -> connections(datapath) == 1);
            }
            assertEquals("", datapath.lastTrouble());
        }
    }

    /** A guest that is there before the warm-up begins ends it all the same. */
    @Test
    void whoHasAGuestAlreadyDoesNotWarmUpAsAServer() throws Exception {
        ChannelFactory guest = SeveralPorts.guest(directory);
        try (ServerSocketChannel other = SeveralPorts.listen(SeveralPorts.guest(directory));
                SocketChannel client = SeveralPorts.connect(guest, other);
                SocketChannel accepted = other.accept()) {
            RegisteredPair.awaitWarmUp();
            try (ServerSocketChannel server = SeveralPorts.listen(guest)) {
                Datapath datapath = SeveralPorts.datapath(server);
                long before = frames(datapath);
                RegisteredPair.awaitWarmUp();
                assertTrue(frames(datapath) - before < 100, before + ", then " + frames(datapath));
                SeveralPorts.echo(client, accepted);
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
        return datapath.portCounters().get("fabric").get("framesIn");
    }
}
