package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResetTest {
    /** Ways to make the peer of a connection reset it. */
    enum Cause {
        CLOSE_WITH_LINGER_ZERO {
            @Override
            void apply(TcpPair pair) throws Exception {
                pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
                pair.server().close();
            }
        },
        CLOSE_WITH_UNREAD_DATA {
            @Override
            void apply(TcpPair pair) throws Exception {
                Io.write(pair.client(), "unread");
                awaitReadable(pair.server());
                pair.server().close();
            }
        },
        CLOSE_WITH_HALF_READ_DATA {
            @Override
            void apply(TcpPair pair) throws Exception {
                Io.write(pair.client(), "half read");
                assertEquals("half", Io.read(pair.server(), 4));
                awaitReadable(pair.server());
                pair.server().close();
            }
        };

        abstract void apply(TcpPair pair) throws Exception;
    }

    private static void awaitReadable(SocketChannel channel) throws Exception {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            assertEquals(1, selector.select(10_000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedReadFailsWithConnectionReset(Cause cause) throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> reader =
                        Background.start(() -> pair.client().read(ByteBuffer.allocate(1)))) {
            reader.awaitInside("read");
            cause.apply(pair);
            assertEquals(
                    "Connection reset", reader.failure(SocketException.class).getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLaterReadFailsAndTheChannelStaysOpen(Cause cause) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            cause.apply(pair);
            SocketChannel client = pair.client();
            assertEquals("Connection reset", Io.readUntilFailure(client).getMessage());
            for (int i = 0; i < 3; i++) {
                SocketException e = assertThrows(SocketException.class, () -> client.read(ByteBuffer.allocate(1)));
                assertEquals("Connection reset", e.getMessage());
            }
            assertThrows(SocketException.class, () -> client.read(ByteBuffer.allocate(0)));
            assertTrue(client.isOpen());
            assertTrue(client.isConnected());
            assertTrue(client.finishConnect());
            assertFalse(client.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesAfterAFailedReadAreBrokenPipes(Cause cause) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            cause.apply(pair);
            Io.readUntilFailure(pair.client());
            for (int i = 0; i < 3; i++) {
                IOException e =
                        assertThrows(IOException.class, () -> pair.client().write(Io.bytes("x")));
                assertEquals("Broken pipe", e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstWriteIsToldOfTheResetAndTheNextIsABrokenPipe(Cause cause) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_READ);
            cause.apply(pair);
            assertEquals(1, selector.select(10_000));
            SocketChannel client = pair.client();
            IOException first = assertThrowsExactly(IOException.class, () -> client.write(Io.bytes("x")));
            assertEquals("Connection reset by peer", first.getMessage());
            IOException second = assertThrowsExactly(IOException.class, () -> client.write(Io.bytes("x")));
            assertEquals("Broken pipe", second.getMessage());
            assertEquals(-1, client.read(ByteBuffer.allocate(1)), "the write has consumed the error");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSelectorShowsTheResetAsReadyForEverything(Cause cause) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            cause.apply(pair);
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            selector.selectedKeys().clear();
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
            assertTrue(key.isWritable());
        }
    }

    @Test
    void dataThatArrivedBeforeTheResetIsReadFirst() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.server(), "last words");
            pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.server().close();
            assertEquals("last words", Io.read(pair.client(), 10));
            assertEquals("Connection reset", Io.readUntilFailure(pair.client()).getMessage());
        }
    }

    @Test
    void aBlockedWriteFailsWhenThePeerResets() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer = Background.start(() -> {
                    while (true) {
                        pair.client().write(ByteBuffer.allocate(1_000_000));
                    }
                })) {
            writer.awaitInside("write");
            pair.server().close();
            writer.failure(IOException.class);
            assertTrue(pair.client().isOpen());
        }
    }

    @Test
    void writingToAClosedPeerSucceedsOnceThenFails() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().close();
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
            assertEquals(1, pair.client().write(Io.bytes("x")));
            IOException[] failure = {null};
            Await.until("a write fails", () -> {
                try {
                    pair.client().write(Io.bytes("y"));
                    return false;
                } catch (IOException e) {
                    failure[0] = e;
                    return true;
                }
            });
            assertEquals("Broken pipe", failure[0].getMessage());
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void dataOfAClosedPeerIsReadEvenAfterAWriteToIt() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.server(), "kept");
            pair.server().close();
            assertEquals(1, pair.client().write(Io.bytes("x")));
            assertEquals("kept", Io.read(pair.client(), 4));
        }
    }

    @Test
    void dataSentToAPeerWithItsInputShutIsAResetWhenItCloses() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().shutdownInput();
            Io.write(pair.client(), "never read");
            awaitReadable(pair.server());
            pair.server().configureBlocking(true);
            pair.server().close();
            assertEquals("Connection reset", Io.readUntilFailure(pair.client()).getMessage());
        }
    }

    @Test
    void closingAfterAResetIsHarmless() throws Exception {
        TcpPair pair = TcpPair.open();
        Cause.CLOSE_WITH_LINGER_ZERO.apply(pair);
        Io.readUntilFailure(pair.client());
        pair.client().shutdownOutput();
        pair.client().shutdownInput();
        pair.client().close();
        assertFalse(pair.client().isOpen());
    }

    @Test
    void aThreadThatWorksBeforeItsFirstSelectIsToldOfAResetByAWrite() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector selector = Selector.open()) {
            pair.client().register(selector, SelectionKey.OP_READ);
            Io.write(pair.client(), "here");
            assertEquals("here", Io.read(pair.server(), 4));
            Cause.CLOSE_WITH_LINGER_ZERO.apply(pair);
            IOException[] failure = {null};
            Await.until("a write fails", () -> {
                try {
                    pair.client().write(Io.bytes("x"));
                } catch (IOException e) {
                    failure[0] = e;
                }
                return failure[0] != null;
            });
            assertEquals("Connection reset by peer", failure[0].getMessage());
        }
    }
}
