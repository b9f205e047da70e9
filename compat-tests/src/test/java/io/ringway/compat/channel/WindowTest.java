package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection holds while nobody reads: at least what the kernel's defaults take, then back-pressure. */
class WindowTest {
    private static final long AT_LEAST = 2_500_000;
    private static final long AT_MOST = 64_000_000;

    @ParameterizedTest
    @ValueSource(ints = {64 * 1024, 1024, 16})
    void aConnectionTakesMegabytesThenRefuses(int size) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            long accepted = Io.writeUntilFull(pair.client(), size);
            assertTrue(accepted >= AT_LEAST, () -> "only " + accepted + " bytes accepted");
            assertTrue(accepted <= AT_MOST, () -> "without bound: " + accepted + " bytes accepted");
            pair.client().shutdownOutput();
            assertEquals(accepted, Io.countToEnd(pair.server()));
        }
    }

    @Test
    void aConnectionNotYetAcceptedTakesMegabytesToo() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            client.configureBlocking(false);
            long accepted = Io.writeUntilFull(client, 8 * 1024);
            assertTrue(accepted >= AT_LEAST, () -> "only " + accepted + " bytes accepted");
            client.shutdownOutput();
            try (SocketChannel server = listener.accept()) {
                assertEquals(accepted, Io.countToEnd(server));
            }
        }
    }

    /** The kernel takes more than 3.8 MB from a blocking write, and 4.2 MB without blocking, before a reader is needed. */
    @ParameterizedTest
    @CsvSource({"true, 3500000", "false, 4000000"})
    void aSingleThreadConnectsWritesMegabytesThenAcceptsAndReads(boolean blocking, int total) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            client.configureBlocking(blocking);
            Io.write(client, new SeededBytes(7).next(total));
            try (SocketChannel server = listener.accept()) {
                ByteBuffer all = ByteBuffer.allocate(total);
                Io.fill(server, all);
                new SeededBytes(7).check(all.flip());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64 * 1024, 1024})
    void whatWasAcceptedBeforeTheRefusalArrivesUnchanged(int size) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            SeededBytes sent = new SeededBytes(8);
            ByteBuffer out = sent.next(size);
            long accepted = 0;
            for (int refusals = 0; refusals < 20; ) {
                int n = pair.client().write(out);
                accepted += n;
                if (n == 0) {
                    refusals++;
                    Await.pause();
                } else if (!out.hasRemaining()) {
                    out = sent.next(size);
                }
            }
            pair.client().shutdownOutput();
            SeededBytes received = new SeededBytes(8);
            ByteBuffer in = ByteBuffer.allocate(100_000);
            while (Io.readSome(pair.server(), in.clear()) >= 0) {
                received.check(in.flip());
            }
            assertEquals(accepted, received.position());
        }
    }

    @Test
    void aFullChannelIsWritableAgainAfterTheReaderDrained() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            long accepted = Io.writeUntilFull(pair.client(), 64 * 1024);
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            assertEquals(0, selector.selectNow());
            long[] read = {0};
            ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
            Await.until("writable after draining", () -> {
                read[0] += Math.max(0, pair.server().read(in.clear()));
                return selector.selectNow() == 1;
            });
            assertTrue(key.isWritable());
            assertTrue(read[0] <= accepted);
            assertTrue(pair.client().write(ByteBuffer.allocate(1)) == 1);
        }
    }

    @Test
    void aSelectWakesWhenTheReaderDrains() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            long accepted = Io.writeUntilFull(pair.client(), 64 * 1024);
            pair.client().register(selector, SelectionKey.OP_WRITE);
            try (Background<Integer> select = Background.start(() -> selector.select())) {
                select.awaitInside("select");
                ByteBuffer all = ByteBuffer.allocate((int) accepted);
                Io.fill(pair.server(), all);
                assertEquals(1, select.result());
            }
        }
    }

    @Test
    void aBlockingWriteWaitsForTheReaderAndCompletes() throws Exception {
        int total = 20_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer =
                        Background.start(() -> pair.client().write(new SeededBytes(9).next(total)))) {
            writer.awaitInside("write");
            assertFalse(writer.isDone());
            ByteBuffer in = ByteBuffer.allocate(total);
            Io.fill(pair.server(), in);
            new SeededBytes(9).check(in.flip());
            assertEquals(total, writer.result());
        }
    }

    @Test
    void oneFullConnectionDoesntHinderAnother() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair full = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                TcpPair other = TcpPair.open(listener, Loopback.IPV4)) {
            Io.writeUntilFull(full.client(), 64 * 1024);
            for (int i = 0; i < 100; i++) {
                Io.pingPong(other);
            }
        }
    }

    @Test
    void bothDirectionsFillUpAndDrainIndependently() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            long there = Io.writeUntilFull(pair.client(), 32 * 1024);
            long back = Io.writeUntilFull(pair.server(), 32 * 1024);
            assertTrue(there >= AT_LEAST && back >= AT_LEAST);
            pair.client().shutdownOutput();
            pair.server().shutdownOutput();
            assertEquals(there, Io.countToEnd(pair.server()));
            assertEquals(back, Io.countToEnd(pair.client()));
        }
    }

    @Test
    void aReaderThatTakesOneByteAtATimeGetsEverything() throws Exception {
        int total = 300_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(() -> {
                    Io.write(pair.client(), new SeededBytes(10).next(total));
                    pair.client().shutdownOutput();
                })) {
            SeededBytes received = new SeededBytes(10);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            while (pair.server().read(one.clear()) >= 0) {
                received.check(one.flip());
            }
            assertEquals(total, received.position());
            writer.result();
        }
    }
}
