package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several things that could be said of a dying connection is said. */
class EndOfLifeTest {
    private static ByteBuffer readOnly(int size) {
        return ByteBuffer.allocate(size).asReadOnlyBuffer();
    }

    private static TcpPair resetPair() throws Exception {
        TcpPair pair = TcpPair.open();
        pair.server().setOption(StandardSocketOptions.SO_LINGER, 0).close();
        return pair;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterShutdownInputEvenAReadOnlyBufferReadsMinusOne(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking)) {
            assertThrows(IllegalArgumentException.class, () -> pair.client().read(readOnly(1)));
            assertThrows(IllegalArgumentException.class, () -> pair.client().read(readOnly(0)));
            pair.client().shutdownInput();
            assertEquals(-1, pair.client().read(readOnly(1)));
            assertEquals(-1, pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1), readOnly(1)}));
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(0)));
            assertEquals(-1, pair.client().read(new ByteBuffer[0]));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onceAReadHasFailedEveryReadDoes(boolean blocking) throws Exception {
        try (TcpPair pair = resetPair()) {
            SocketChannel client = pair.client();
            client.configureBlocking(blocking);
            assertEquals("Connection reset", Io.readUntilFailure(client).getMessage());
            assertThrowsExactly(SocketException.class, () -> client.read(ByteBuffer.allocate(0)));
            assertThrowsExactly(SocketException.class, () -> client.read(readOnly(1)));
            assertThrowsExactly(SocketException.class, () -> client.read(new ByteBuffer[0]));
            assertThrowsExactly(SocketException.class, () -> client.read(new ByteBuffer[] {readOnly(1)}));
            client.shutdownInput();
            assertEquals(-1, client.read(ByteBuffer.allocate(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingCanBeWrittenToABrokenConnectionWithoutFailure(boolean blocking) throws Exception {
        try (TcpPair pair = resetPair()) {
            SocketChannel client = pair.client();
            client.configureBlocking(blocking);
            Io.readUntilFailure(client);
            assertThrows(IOException.class, () -> client.write(ByteBuffer.allocate(1)));
            assertEquals(0, client.write(ByteBuffer.allocate(0)));
            assertEquals(0, client.write(new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)}));
            assertEquals(0, client.write(new ByteBuffer[] {ByteBuffer.allocate(1)}, 1, 0));
        }
    }

    @Test
    void nothingIsRefusedOnceTheOutputIsShut() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().shutdownOutput();
            assertThrowsExactly(
                    AsynchronousCloseException.class, () -> pair.client().write(ByteBuffer.allocate(0)));
            assertThrowsExactly(
                    AsynchronousCloseException.class, () -> pair.client().write(new ByteBuffer[0]));
            var stream = TcpPair.open();
            try (stream) {
                var out = stream.client().socket().getOutputStream();
                stream.client().shutdownOutput();
                out.write(new byte[0]);
                assertThrowsExactly(ClosedChannelException.class, () -> out.write(1));
            }
        }
    }

    @Test
    void aReaderIsToldOfTheResetThatCutAWriteShort() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer =
                        Background.start(() -> pair.client().write(ByteBuffer.allocate(40_000_000)))) {
            writer.awaitInside("write");
            pair.server().close();
            Await.until("the write ends", writer::isDone);
            assertEquals(true, writer.result() > 0);
            assertEquals(
                    "Connection reset",
                    assertThrows(SocketException.class, () -> pair.client().read(ByteBuffer.allocate(1)))
                            .getMessage());
        }
    }

    @Test
    void aStreamsWriteThatIsCutShortByAResetFails() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(
                        () -> pair.client().socket().getOutputStream().write(new byte[40_000_000]))) {
            writer.awaitInside("write");
            pair.server().close();
            IOException failure = writer.failure(IOException.class);
            assertFalse(failure instanceof ClosedChannelException, failure::toString);
        }
    }

    @Test
    void aStreamsWriteThatIsCutShortByShutdownOutputIsABrokenPipe() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(
                        () -> pair.client().socket().getOutputStream().write(new byte[40_000_000]))) {
            writer.awaitInside("write");
            pair.client().shutdownOutput();
            assertEquals("Broken pipe", writer.failure(IOException.class).getMessage());
        }
    }

    @Test
    void dataForAnEndThatIsShutInBothDirectionsIsAnsweredByAReset() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            pair.server().shutdownInput();
            pair.server().shutdownOutput();
            assertEquals(-1, Io.readSome(pair.client(), ByteBuffer.allocate(1)));
            assertThrows(
                    IOException.class,
                    () -> Await.until("a write fails", () -> pair.client().write(ByteBuffer.allocate(1)) < 0));
        }
    }

    @Test
    void aRegisteredChannelThatIsClosedWithUnreadDataEndsItsStreamFirst() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Selector selector = Selector.open()) {
            pair.server().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            Io.write(pair.client(), "never read");
            assertEquals(1, selector.select(10_000));
            Io.write(pair.server(), "answer");
            pair.server().close();
            assertEquals("answer", Io.read(pair.client(), 6));
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
            selector.selectNow();
            assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
            assertThrows(
                    IOException.class,
                    () -> Await.until("a write fails", () -> pair.client().write(ByteBuffer.allocate(1)) < 0));
        }
    }

    @Test
    void aRegisteredChannelThatIsClosedWithLingerZeroResetsWhenTheSelectorLetsGo() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Selector selector = Selector.open()) {
            pair.server().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            pair.server().setOption(StandardSocketOptions.SO_LINGER, 0).close();
            selector.selectNow();
            assertEquals("Connection reset", Io.readUntilFailure(pair.client()).getMessage());
        }
    }

    @Test
    void aResetIsReadyForEverythingThatIsWanted() throws Exception {
        try (TcpPair pair = resetPair();
                Selector selector = Selector.open()) {
            int all = SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
            SelectionKey key = pair.client().configureBlocking(false).register(selector, all);
            Await.until("the reset", () -> {
                selector.selectNow();
                return key.readyOps() == all;
            });
            key.interestOps(SelectionKey.OP_CONNECT);
            selector.selectedKeys().clear();
            assertEquals(1, selector.select(10_000));
            assertEquals(SelectionKey.OP_CONNECT, key.readyOps());
        }
    }

    @Test
    void aChangeOfModeThatWaitedForAReadIsRefusedByAClosedChannel() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> reader =
                        Background.start(() -> pair.client().read(ByteBuffer.allocate(1)))) {
            reader.awaitInside("read");
            try (Background<?> change = Background.start(() -> pair.client().configureBlocking(false))) {
                change.awaitInside("configureBlocking");
                pair.client().close();
                reader.failure(AsynchronousCloseException.class);
                change.failure(ClosedChannelException.class);
            }
        }
    }

    @Test
    void anInterruptedThreadLosesTheChannelBeforeItsStateIsLookedAt() throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel fresh = SocketChannel.open()) {
            var address = pair.client().getRemoteAddress();
            interrupted(() -> pair.client().connect(address));
            interrupted(() -> pair.server().socket().connect(address, 1000));
            interrupted(fresh::finishConnect);
            assertFalse(pair.client().isOpen());
            assertFalse(pair.server().isOpen());
            assertFalse(fresh.isOpen());
        }
    }

    private static void interrupted(Background.Action action) {
        Thread.currentThread().interrupt();
        try {
            assertThrowsExactly(ClosedByInterruptException.class, action::run);
        } finally {
            assertEquals(true, Thread.interrupted());
        }
    }
}
