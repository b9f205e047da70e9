package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HalfCloseTest {
    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterShutdownOutputThePeerReadsTheRestThenTheEnd(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking)) {
            SeededBytes sent = new SeededBytes(1);
            Io.write(pair.client(), sent.next(500_000));
            assertSame(pair.client(), pair.client().shutdownOutput());
            SeededBytes received = new SeededBytes(1);
            ByteBuffer buffer = ByteBuffer.allocate(10_000);
            while (Io.readSome(pair.server(), buffer.clear()) >= 0) {
                received.check(buffer.flip());
            }
            assertEquals(500_000, received.position());
            for (int i = 0; i < 3; i++) {
                assertEquals(-1, pair.server().read(buffer.clear()));
            }
        }
    }

    @Test
    void theOtherDirectionWorksOnAfterShutdownOutput() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().shutdownOutput();
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
            for (int i = 0; i < 50; i++) {
                Io.write(pair.server(), "still here");
                assertEquals("still here", Io.read(pair.client(), 10));
            }
            pair.server().close();
            assertEquals(0, Io.readToEnd(pair.client()).length);
        }
    }

    @Test
    void megabytesFlowIntoAHalfClosedChannel() throws Exception {
        int total = 8_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer = Background.start(() -> {
                    assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
                    return pair.server().write(new SeededBytes(2).next(total));
                })) {
            pair.client().shutdownOutput();
            ByteBuffer all = ByteBuffer.allocate(total);
            Io.fill(pair.client(), all);
            new SeededBytes(2).check(all.flip());
            assertEquals(total, writer.result());
        }
    }

    @Test
    void writingAfterShutdownOutputThrows() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SocketChannel client = pair.client();
            client.shutdownOutput();
            assertThrowsExactly(AsynchronousCloseException.class, () -> client.write(Io.bytes("x")));
            assertThrowsExactly(AsynchronousCloseException.class, () -> client.write(ByteBuffer.allocate(0)));
            assertThrowsExactly(AsynchronousCloseException.class, () -> client.write(new ByteBuffer[0]));
            assertTrue(client.isOpen());
            assertTrue(client.isConnected());
            client.configureBlocking(false);
            assertThrowsExactly(AsynchronousCloseException.class, () -> client.write(Io.bytes("x")));
        }
    }

    @Test
    void shuttingDownTwiceIsHarmless() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            for (int i = 0; i < 2; i++) {
                pair.client().shutdownOutput();
                pair.client().shutdownInput();
                pair.server().shutdownInput();
                pair.server().shutdownOutput();
            }
            assertTrue(pair.client().isConnected());
            assertTrue(pair.server().isConnected());
        }
    }

    @Test
    void afterShutdownInputReadsReturnMinusOne() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "unread");
            pair.server().shutdownInput();
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(10)));
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(0)));
            assertEquals(-1, pair.server().read(new ByteBuffer[] {ByteBuffer.allocate(10)}));
            pair.server().configureBlocking(false);
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(10)));
        }
    }

    @Test
    void afterShutdownInputThePeerWritesOnAndReadsWhatIsSent() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().shutdownInput();
            for (int i = 0; i < 20; i++) {
                assertEquals(6, pair.client().write(Io.bytes("unread")));
                assertEquals(-1, pair.server().read(ByteBuffer.allocate(10)));
                Io.write(pair.server(), "answer");
                assertEquals("answer", Io.read(pair.client(), 6));
            }
        }
    }

    @Test
    void shutdownInputEndsABlockedRead() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> reader =
                        Background.start(() -> pair.client().read(ByteBuffer.allocate(1)))) {
            reader.awaitInside("read");
            pair.client().shutdownInput();
            assertEquals(-1, reader.result());
            assertTrue(pair.client().isOpen());
            Io.write(pair.client(), "out");
            assertEquals("out", Io.read(pair.server(), 3));
        }
    }

    @Test
    void shutdownOutputEndsABlockedWrite() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer =
                        Background.start(() -> pair.client().write(ByteBuffer.allocate(50_000_000)))) {
            writer.awaitInside("write");
            pair.client().shutdownOutput();
            Await.until("the write ended", writer::isDone);
            assertTrue(pair.client().isOpen());
        }
    }

    @Test
    void bothEndsShutTheirOutputWithDataInFlight() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), new SeededBytes(3).next(700_000));
            Io.write(pair.server(), new SeededBytes(4).next(900_000));
            pair.client().shutdownOutput();
            pair.server().shutdownOutput();
            byte[] atServer = Io.readToEnd(pair.server());
            byte[] atClient = Io.readToEnd(pair.client());
            assertEquals(700_000, atServer.length);
            assertEquals(900_000, atClient.length);
            new SeededBytes(3).check(ByteBuffer.wrap(atServer));
            new SeededBytes(4).check(ByteBuffer.wrap(atClient));
        }
    }

    @Test
    void shutdownOutputThenCloseStillDeliversEverything() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), new SeededBytes(5).next(1_000_000));
            pair.client().shutdownOutput();
            pair.client().close();
            byte[] all = Io.readToEnd(pair.server());
            assertEquals(1_000_000, all.length);
            new SeededBytes(5).check(ByteBuffer.wrap(all));
        }
    }

    @Test
    void closeAloneDeliversEverythingThenTheEnd() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), new SeededBytes(6).next(1_000_000));
            pair.client().close();
            byte[] all = Io.readToEnd(pair.server());
            assertEquals(1_000_000, all.length);
            new SeededBytes(6).check(ByteBuffer.wrap(all));
        }
    }

    @Test
    void closeDeliversWhatTheFullPeerHadNoRoomFor() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().configureBlocking(false);
            long accepted = Io.writeUntilFull(pair.client(), 64 * 1024);
            pair.client().close();
            assertEquals(accepted, Io.countToEnd(pair.server()));
        }
    }

    @Test
    void theSelectorShowsTheEndAsReadable() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            pair.client().shutdownOutput();
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
            assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
            selector.selectedKeys().clear();
            assertEquals(1, selector.selectNow(), "the end stays readable");
        }
    }

    @Test
    void aChannelShutInBothDirectionsStaysReadableAndWritableInItsSelector() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().shutdownInput();
            pair.client().shutdownOutput();
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
            assertTrue(key.isWritable());
        }
    }
}
