package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Connections with a lot to send beside one with little, of one selector at either end: none keeps another one from
 * sending, whatever they share below.
 */
class SharedQueueTest {
    private static final int BULK = 12;
    private static final int PIECE = 1 << 16;

    private final List<TcpPair> pairs = new ArrayList<>();
    private final List<SelectionKey> writers = new ArrayList<>();
    private final long[] read = new long[BULK + 1];
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final ByteBuffer target = ByteBuffer.allocateDirect(PIECE);
    private Selector clients;
    private Selector servers;

    @BeforeEach
    void connect() throws IOException {
        clients = Selector.open();
        servers = Selector.open();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i <= BULK; i++) {
                TcpPair pair = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                pairs.add(pair);
                writers.add(pair.client().register(clients, SelectionKey.OP_WRITE, i));
                pair.server().register(servers, SelectionKey.OP_READ, i);
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        for (TcpPair pair : pairs) {
            pair.close();
        }
        clients.close();
        servers.close();
    }

    /** One piece from each connection that is ready. */
    private void readOnce() throws IOException {
        servers.select(
                key -> {
                    int i = (Integer) key.attachment();
                    try {
                        read[i] += pairs.get(i).server().read(target.clear());
                    } catch (IOException e) {
                        throw new AssertionError("connection " + i, e);
                    }
                },
                100);
    }

    /** One piece to each connection that is ready. */
    private void writeOnce() throws IOException {
        clients.selectNow(key -> {
            int i = (Integer) key.attachment();
            try {
                pairs.get(i).client().write(piece.clear());
            } catch (IOException e) {
                throw new AssertionError("connection " + i, e);
            }
        });
    }

    private long bulkRead() {
        long sum = 0;
        for (int i = 0; i < BULK; i++) {
            sum += read[i];
        }
        return sum;
    }

    /** Everything below is full of others' data when the small message is written. */
    @Test
    void aSmallMessageOvertakesWhatOthersHaveWaiting() throws Exception {
        long accepted = 0;
        for (int i = 0; i < BULK; i++) {
            accepted += Io.writeUntilFull(pairs.get(i).client(), PIECE);
        }
        assertEquals(64, pairs.get(BULK).client().write(ByteBuffer.allocate(64)));
        for (int rounds = 0; read[BULK] == 0; rounds++) {
            assertTrue(rounds < 10_000, "the small message never came");
            readOnce();
            clients.selectNow(key -> {});
        }
        assertTrue(bulkRead() < accepted / 2, "read " + bulkRead() + " of " + accepted + " before");
        assertEquals(64, read[BULK]);
    }

    /** All write as much as they can: each gets a fair share, one that began late too. */
    @Test
    void saturatingConnectionsShare() throws IOException {
        writers.getLast().interestOps(0);
        for (int i = 0; i < 200; i++) {
            writeOnce();
            readOnce();
        }
        long[] before = read.clone();
        writers.getLast().interestOps(SelectionKey.OP_WRITE);
        long total = 0;
        for (int i = 0; total < 128L << 20; i++) {
            assertTrue(i < 100_000, "read " + total);
            writeOnce();
            readOnce();
            total = bulkRead() + read[BULK];
        }
        long sum = 0;
        for (int i = 0; i <= BULK; i++) {
            sum += read[i] - before[i];
        }
        for (int i = 0; i <= BULK; i++) {
            assertTrue(
                    read[i] - before[i] > sum / (BULK + 1) / 4,
                    "connection " + i + " got " + (read[i] - before[i]) + " of " + sum);
        }
    }

    /** One message under way on the small connection, whatever the others send: it is answered again and again. */
    @Test
    void aSmallConversationGoesOnBesideStreams() throws IOException {
        writers.getLast().interestOps(0);
        long most = 0;
        for (int message = 1; message <= 200; message++) {
            long before = bulkRead();
            assertEquals(64, pairs.get(BULK).client().write(ByteBuffer.allocate(64)));
            for (int i = 0; read[BULK] < 64L * message; i++) {
                assertTrue(i < 10_000, "message " + message + " never came");
                writeOnce();
                readOnce();
            }
            most = Math.max(most, bulkRead() - before);
        }
        // What the others may have read before each message: a few pieces each.
        assertTrue(most <= 64L * BULK * PIECE, "read " + most + " from others before one message");
    }
}
