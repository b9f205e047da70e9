package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.FullListener;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that can't be: every failure closes the channel. */
class ConnectFailureTest {
    /** The kernel refuses to connect to the broadcast address by itself, so nothing leaves this machine. */
    private static final InetSocketAddress UNREACHABLE = new InetSocketAddress("255.255.255.255", 9);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAddressThatCantBeReachedIsASocketException(boolean blocking) throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(blocking);
            SocketException e = assertThrows(SocketException.class, () -> channel.connect(UNREACHABLE));
            assertEquals("Network is unreachable", e.getMessage());
            assertFalse(channel.isOpen());
            assertThrows(ClosedChannelException.class, channel::finishConnect);
        }
    }

    @Test
    void theSocketSaysTheSameOfAnAddressThatCantBeReached() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            SocketException e =
                    assertThrows(SocketException.class, () -> channel.socket().connect(UNREACHABLE, 5_000));
            assertEquals("Network is unreachable", e.getMessage());
            assertTrue(channel.socket().isClosed());
            assertThrows(SocketException.class, () -> SocketChannel.open(UNREACHABLE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void closingTheChannelEndsTheConnectOfItsSocket(int millis) throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open();
                Background<@Nullable Void> connect =
                        Background.run(() -> channel.socket().connect(full.address(), millis))) {
            connect.awaitInside("connect");
            channel.close();
            assertEquals(
                    AsynchronousCloseException.class,
                    connect.failure(AsynchronousCloseException.class).getClass());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void anInterruptEndsTheConnectOfASocket(int millis) throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open();
                Background<@Nullable Void> connect =
                        Background.run(() -> channel.socket().connect(full.address(), millis))) {
            connect.awaitInside("connect");
            connect.thread().interrupt();
            connect.failure(ClosedByInterruptException.class);
            assertFalse(channel.isOpen());
        }
    }

    @Test
    void aConnectThatTimesOutLeavesNothingToFinish() throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open()) {
            SocketTimeoutException e = assertThrows(
                    SocketTimeoutException.class, () -> channel.socket().connect(full.address(), 1));
            assertEquals("Connect timed out", e.getMessage());
            assertThrows(ClosedChannelException.class, () -> channel.connect(full.address()));
            assertThrows(ClosedChannelException.class, channel::finishConnect);
        }
    }

    @Test
    void anInterruptEndsABlockedFinishConnect() throws Exception {
        try (FullListener full = FullListener.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            assertFalse(channel.connect(full.address()));
            channel.configureBlocking(true);
            try (Background<Boolean> finish = Background.start(channel::finishConnect)) {
                finish.awaitInside("finishConnect");
                finish.thread().interrupt();
                finish.failure(ClosedByInterruptException.class);
                assertFalse(channel.isOpen());
            }
        }
    }
}
