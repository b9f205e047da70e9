package io.ringway.compat.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketAdaptorTest {
    @Test
    void theAdaptorIsOneObjectAndKnowsItsChannel() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            for (SocketChannel channel : new SocketChannel[] {pair.client(), pair.server()}) {
                assertSame(channel.socket(), channel.socket());
                assertSame(channel, channel.socket().getChannel());
            }
        }
    }

    @Test
    void anUnconnectedAdaptorTellsItsState() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            Socket socket = channel.socket();
            assertFalse(socket.isConnected());
            assertFalse(socket.isBound());
            assertFalse(socket.isClosed());
            assertFalse(socket.isInputShutdown());
            assertFalse(socket.isOutputShutdown());
            assertNull(socket.getInetAddress());
            assertNull(socket.getRemoteSocketAddress());
            assertNull(socket.getLocalSocketAddress());
            assertEquals(0, socket.getPort());
            assertEquals(-1, socket.getLocalPort());
            assertTrue(socket.getLocalAddress().isAnyLocalAddress());
            assertThrows(SocketException.class, socket::getInputStream);
            assertThrows(SocketException.class, socket::getOutputStream);
            assertThrows(SocketException.class, socket::shutdownInput);
            assertThrows(SocketException.class, socket::shutdownOutput);
        }
    }

    @Test
    void aConnectedAdaptorTellsItsState() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            assertTrue(socket.isConnected());
            assertTrue(socket.isBound());
            assertFalse(socket.isClosed());
            assertEquals(Loopback.IPV4.connectAddress(), socket.getInetAddress());
            assertEquals(pair.server().socket().getLocalPort(), socket.getPort());
            assertEquals(pair.server().socket().getPort(), socket.getLocalPort());
            assertNotEquals(0, socket.getLocalPort());
        }
    }

    @Test
    void bindAndConnectThroughTheAdaptorActOnTheChannel() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            Socket socket = channel.socket();
            socket.bind(Loopback.IPV4_SECOND_ADDRESS.bindAddress());
            assertTrue(socket.isBound());
            assertEquals(Loopback.IPV4_SECOND_ADDRESS.connectAddress(), socket.getLocalAddress());
            socket.connect(listener.getLocalAddress());
            assertTrue(channel.isConnected());
            assertThrows(SocketException.class, () -> socket.connect(listener.getLocalAddress()));
            assertThrows(SocketException.class, () -> socket.bind(null));
            try (SocketChannel server = listener.accept()) {
                Io.pingPong(new TcpPair(channel, server));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectWithATimeoutSucceedsInEitherMode(boolean blocking) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            if (!blocking) {
                channel.configureBlocking(false);
                assertThrows(
                        IllegalBlockingModeException.class,
                        () -> channel.socket().connect(listener.getLocalAddress(), 10_000));
                assertFalse(channel.isConnected());
                return;
            }
            channel.socket().connect(listener.getLocalAddress(), 10_000);
            assertTrue(channel.isConnected());
            assertTrue(channel.isBlocking());
        }
    }

    @Test
    void connectToAFullListenerTimesOutAndClosesTheChannel() throws Exception {
        try (FullListener listener = FullListener.open();
                SocketChannel channel = SocketChannel.open()) {
            assertThrows(SocketTimeoutException.class, () -> channel.socket().connect(listener.address(), 100));
            assertFalse(channel.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void aRefusedConnectThrowsAndClosesTheChannel(int timeout) throws Exception {
        InetSocketAddress nobody = Loopback.refusing();
        try (SocketChannel channel = SocketChannel.open()) {
            assertThrows(ConnectException.class, () -> channel.socket().connect(nobody, timeout));
            assertFalse(channel.isOpen());
            assertTrue(channel.socket().isClosed());
        }
    }

    @Test
    void unusableTargetsAreRefused() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            Socket socket = channel.socket();
            assertThrows(IllegalArgumentException.class, () -> socket.connect(Loopback.refusing(), -1));
            assertThrows(SocketException.class, () -> socket.connect(UnixDomainSocketAddress.of("/nowhere"), 10));
            assertTrue(channel.isOpen());
        }
        try (SocketChannel channel = SocketChannel.open()) {
            assertThrows(
                    UnknownHostException.class,
                    () -> channel.socket().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
            assertFalse(channel.isOpen());
        }
    }

    @Test
    void aClosedAdaptorStillTellsItsAddresses() throws Exception {
        TcpPair pair = TcpPair.open();
        Socket socket = pair.client().socket();
        InetSocketAddress local = (InetSocketAddress) pair.client().getLocalAddress();
        InetSocketAddress remote = (InetSocketAddress) pair.client().getRemoteAddress();
        pair.close();
        assertEquals(remote, socket.getRemoteSocketAddress());
        assertEquals(local, socket.getLocalSocketAddress());
        assertEquals(remote.getPort(), socket.getPort());
        assertEquals(local.getPort(), socket.getLocalPort());
        assertTrue(socket.getLocalAddress().isAnyLocalAddress());
        assertFalse(socket.isConnected());
        assertTrue(socket.isBound());
        assertTrue(socket.isClosed());
    }

    @Test
    void closingTheAdaptorClosesTheChannelAndTheOtherWayRound() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().socket().close();
            assertFalse(pair.client().isOpen());
            pair.server().close();
            assertTrue(pair.server().socket().isClosed());
            assertFalse(pair.server().socket().isConnected());
        }
    }

    @Test
    void shutdownsAreSeenFromBothSides() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            socket.shutdownOutput();
            assertTrue(socket.isOutputShutdown());
            assertFalse(socket.isInputShutdown());
            assertEquals(0, Io.readToEnd(pair.server()).length);
            assertThrows(SocketException.class, socket::getOutputStream);
            pair.client().shutdownInput();
            assertTrue(socket.isInputShutdown());
            assertThrows(SocketException.class, socket::getInputStream);
            assertFalse(socket.isClosed());
        }
    }

    @Test
    void optionsThroughTheAdaptorAreTheChannels() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            socket.setTcpNoDelay(true);
            assertTrue(socket.getTcpNoDelay());
            assertEquals(true, pair.client().getOption(StandardSocketOptions.TCP_NODELAY));
            socket.setKeepAlive(true);
            assertTrue(socket.getKeepAlive());
            socket.setReuseAddress(true);
            assertTrue(socket.getReuseAddress());
            socket.setOOBInline(true);
            assertTrue(socket.getOOBInline());
            socket.setTrafficClass(0x10);
            assertEquals(0x10, socket.getTrafficClass());
            socket.setSendBufferSize(100_000);
            assertEquals(100_000, socket.getSendBufferSize());
            socket.setReceiveBufferSize(110_000);
            assertEquals(110_000, socket.getReceiveBufferSize());
            assertEquals(110_000, pair.client().getOption(StandardSocketOptions.SO_RCVBUF));
            socket.setSoLinger(true, 3);
            assertEquals(3, socket.getSoLinger());
            socket.setSoLinger(false, 0);
            assertEquals(-1, socket.getSoLinger());
            assertEquals(0, socket.getSoTimeout());
            socket.setSoTimeout(77);
            assertEquals(77, socket.getSoTimeout());
            socket.setPerformancePreferences(1, 2, 3);
            assertEquals(pair.client().supportedOptions(), socket.supportedOptions());
            socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
            assertEquals(false, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @Test
    void badOptionValuesAreRefused() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            assertThrows(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
            socket.setSoLinger(true, -1);
            assertEquals(-1, socket.getSoLinger());
            assertThrows(IllegalArgumentException.class, () -> socket.setSendBufferSize(0));
            assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBufferSize(0));
            assertThrows(IllegalArgumentException.class, () -> socket.setTrafficClass(300));
        }
    }

    @Test
    void aClosedAdaptorThrowsFromItsOptions() throws Exception {
        TcpPair pair = TcpPair.open();
        pair.close();
        Socket socket = pair.client().socket();
        assertThrows(SocketException.class, socket::getTcpNoDelay);
        assertThrows(SocketException.class, () -> socket.setTcpNoDelay(true));
        assertThrows(SocketException.class, socket::getSoTimeout);
        assertThrows(SocketException.class, socket::getInputStream);
        assertThrows(SocketException.class, socket::getOutputStream);
        assertThrows(ClosedChannelException.class, socket::shutdownInput);
        assertThrows(ClosedChannelException.class, socket::shutdownOutput);
        assertThrows(ClosedChannelException.class, () -> socket.bind(null));
        assertThrows(ClosedChannelException.class, () -> socket.connect(Loopback.refusing()));
        assertThrows(ClosedChannelException.class, () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
        socket.close();
    }

    /** On an accelerated connection it is discarded instead: a difference that the README lists. */
    @Test
    void urgentDataArrivesInlineIfThePeerWantsIt() throws Exception {
        String expected = ProviderUnderTest.current().accelerates() ? "ab" : "a!b";
        try (TcpPair pair = TcpPair.open()) {
            pair.server().socket().setOOBInline(true);
            Io.write(pair.client(), "a");
            pair.client().socket().sendUrgentData('!');
            Io.write(pair.client(), "b");
            assertEquals(expected, Io.read(pair.server(), expected.length()));
        }
    }

    @Test
    void urgentDataForAFullPeerIsRefusedWithoutBlocking() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            Io.writeUntilFull(pair.client(), 64 * 1024);
            IOException e =
                    assertThrows(IOException.class, () -> pair.client().socket().sendUrgentData('!'));
            assertEquals("Socket buffer full", e.getMessage());
            assertTrue(pair.client().isConnected());
        }
    }

    @Test
    void theAdaptorsHaveNoPublicMethodsOfTheirOwn() throws Exception {
        try (SocketChannel channel = SocketChannel.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            assertNoMethodsBeyond(Socket.class, channel.socket().getClass());
            assertNoMethodsBeyond(ServerSocket.class, server.socket().getClass());
        }
    }

    private static void assertNoMethodsBeyond(Class<?> known, Class<?> adaptor) throws NoSuchMethodException {
        for (Method method : adaptor.getMethods()) {
            assertNotNull(known.getMethod(method.getName(), method.getParameterTypes()));
        }
    }

    @Test
    void toStringTellsTheState() throws Exception {
        try (SocketChannel channel = SocketChannel.open();
                TcpPair pair = TcpPair.open()) {
            assertEquals("Socket[unconnected]", channel.socket().toString());
            Socket socket = pair.client().socket();
            assertEquals(
                    "Socket[addr=" + socket.getInetAddress() + ",port=" + socket.getPort() + ",localport="
                            + socket.getLocalPort() + "]",
                    socket.toString());
        }
    }

    @Test
    void aUnixDomainChannelHasNoAdaptor() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThrows(UnsupportedOperationException.class, channel::socket);
            assertThrows(UnsupportedOperationException.class, server::socket);
        }
    }
}
