package io.ringway.compat.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSocketAdaptorTest {
    @Test
    void theAdaptorIsOneObjectAndKnowsItsChannel() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            assertSame(channel.socket(), channel.socket());
            assertSame(channel, channel.socket().getChannel());
        }
    }

    @Test
    void bindThroughTheAdaptorActsOnTheChannel() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            ServerSocket socket = channel.socket();
            assertFalse(socket.isBound());
            assertEquals(-1, socket.getLocalPort());
            assertNull(socket.getInetAddress());
            assertNull(socket.getLocalSocketAddress());
            socket.bind(Loopback.anyPort(), 10);
            assertTrue(socket.isBound());
            assertEquals(Loopback.IPV4.connectAddress(), socket.getInetAddress());
            assertEquals(channel.getLocalAddress(), socket.getLocalSocketAddress());
            assertThrows(SocketException.class, () -> socket.bind(Loopback.anyPort()));
            try (TcpPair pair = TcpPair.open(channel, Loopback.IPV4)) {
                Io.pingPong(pair);
            }
        }
    }

    @Test
    void aPortInUseIsRefused() throws Exception {
        try (ServerSocketChannel first = ServerSocketChannel.open().bind(Loopback.anyPort());
                ServerSocketChannel second = ServerSocketChannel.open()) {
            assertThrows(BindException.class, () -> second.socket().bind(first.getLocalAddress()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void acceptReturnsTheAdaptorOfAnAcceptedChannel(int timeout) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            listener.socket().setSoTimeout(timeout);
            try (Socket accepted = listener.socket().accept()) {
                SocketChannel server = accepted.getChannel();
                assertNotNull(server);
                assertTrue(server.isConnected());
                assertSame(accepted, server.socket());
                Io.pingPong(new TcpPair(client, server));
                Io.write(client, "stream");
                assertEquals("stream", new String(accepted.getInputStream().readNBytes(6), UTF_8));
            }
        }
    }

    @Test
    void acceptTimesOutAndWorksOn() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            ServerSocket socket = listener.socket();
            assertEquals(0, socket.getSoTimeout());
            socket.setSoTimeout(50);
            assertEquals(50, socket.getSoTimeout());
            for (int i = 0; i < 3; i++) {
                assertThrows(SocketTimeoutException.class, socket::accept);
            }
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                    Socket accepted = socket.accept()) {
                assertEquals(client.socket().getLocalPort(), accepted.getPort());
            }
            assertThrows(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void aBlockedAcceptTakesALateConnection(int timeout) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            listener.socket().setSoTimeout(timeout);
            try (Background<Socket> accept =
                    Background.start(() -> listener.socket().accept())) {
                accept.awaitInside("accept");
                try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                        Socket accepted = accept.result()) {
                    assertEquals(client.getLocalAddress(), accepted.getRemoteSocketAddress());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void closingEndsABlockedAccept(int timeout) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            listener.socket().setSoTimeout(timeout);
            try (Background<Socket> accept =
                    Background.start(() -> listener.socket().accept())) {
                accept.awaitInside("accept");
                listener.socket().close();
                accept.failure(IOException.class);
            }
            assertFalse(listener.isOpen());
        }
    }

    @Test
    void anUnboundOrNonBlockingAdaptorRefusesToAccept() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            SocketException unbound =
                    assertThrows(SocketException.class, () -> listener.socket().accept());
            assertEquals("Socket is not bound yet", unbound.getMessage());
            listener.bind(Loopback.anyPort());
            listener.configureBlocking(false);
            assertThrows(
                    IllegalBlockingModeException.class, () -> listener.socket().accept());
            listener.socket().setSoTimeout(10);
            assertThrows(
                    IllegalBlockingModeException.class, () -> listener.socket().accept());
        }
    }

    @Test
    void aNonBlockingAdaptorAcceptsWhatWaitsAlready() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            listener.configureBlocking(false);
            try (Socket accepted = listener.socket().accept()) {
                assertEquals(client.getLocalAddress(), accepted.getRemoteSocketAddress());
            }
        }
    }

    @Test
    void optionsThroughTheAdaptorAreTheChannels() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            ServerSocket socket = listener.socket();
            assertTrue(socket.getReuseAddress());
            socket.setReuseAddress(false);
            assertFalse(socket.getReuseAddress());
            socket.setReceiveBufferSize(100_000);
            assertEquals(100_000, socket.getReceiveBufferSize());
            assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBufferSize(0));
            assertEquals(listener.supportedOptions(), socket.supportedOptions());
            listener.close();
            assertThrows(SocketException.class, socket::getReuseAddress);
            assertThrows(SocketException.class, socket::getSoTimeout);
            assertThrows(ClosedChannelException.class, () -> socket.bind(null));
            assertThrows(ClosedChannelException.class, socket::accept);
            assertTrue(socket.isClosed());
        }
    }

    @Test
    void toStringTellsTheState() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            assertEquals("ServerSocket[unbound]", listener.socket().toString());
            listener.bind(Loopback.anyPort());
            assertEquals(
                    "ServerSocket[addr=/127.0.0.1,localport="
                            + listener.socket().getLocalPort() + "]",
                    listener.socket().toString());
        }
    }
}
