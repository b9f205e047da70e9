package io.ringway.compat.other;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adaptor that {@link DatagramChannel#socket} gives. */
class DatagramSocketTest {
    private static final SocketAddress OF_OTHER_TYPE = UnixDomainSocketAddress.of("/nowhere");

    private DatagramChannel channel;
    private DatagramSocket socket;
    private DatagramChannel peer;

    @BeforeEach
    void open() throws IOException {
        channel = DatagramChannel.open();
        socket = channel.socket();
        peer = DatagramChannel.open().bind(Loopback.anyPort());
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        peer.close();
    }

    private static DatagramPacket packet(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new DatagramPacket(bytes, bytes.length);
    }

    @Test
    void aNewSocketIsUnboundUnconnectedAndOpen() throws Exception {
        assertSame(channel, socket.getChannel());
        assertSame(socket, channel.socket());
        assertFalse(socket.isBound());
        assertFalse(socket.isConnected());
        assertFalse(socket.isClosed());
        assertEquals(0, socket.getLocalPort());
        assertTrue(socket.getLocalAddress().isAnyLocalAddress());
        assertNull(socket.getLocalSocketAddress());
        assertNull(socket.getRemoteSocketAddress());
        assertNull(socket.getInetAddress());
        assertEquals(-1, socket.getPort());
        assertEquals(0, socket.getSoTimeout());
        assertFalse(socket.getReuseAddress());
    }

    @Test
    void bindIsThatOfTheChannel() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> socket.bind(OF_OTHER_TYPE));
        socket.bind(null);
        assertTrue(socket.isBound());
        assertNotEquals(0, socket.getLocalPort());
        assertEquals(channel.getLocalAddress(), socket.getLocalSocketAddress());
        assertThrows(SocketException.class, () -> socket.bind(null));
        try (DatagramChannel second = DatagramChannel.open()) {
            SocketAddress taken = peer.getLocalAddress();
            assertThrows(SocketException.class, () -> second.socket().bind(taken));
        }
    }

    @Test
    void connectAndDisconnectAreThoseOfTheChannel() throws Exception {
        InetSocketAddress at = (InetSocketAddress) peer.getLocalAddress();
        assertThrows(IllegalArgumentException.class, () -> socket.connect((InetAddress) null, 1));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(null));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(OF_OTHER_TYPE));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(at.getAddress(), -1));
        assertThrows(UncheckedIOException.class, () -> socket.connect(at.getAddress(), 0));
        assertThrows(
                SocketException.class, () -> socket.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        socket.connect(at.getAddress(), at.getPort());
        assertTrue(channel.isConnected());
        assertTrue(socket.isConnected());
        assertTrue(socket.isBound());
        assertEquals(at, socket.getRemoteSocketAddress());
        assertEquals(at.getAddress(), socket.getInetAddress());
        assertEquals(at.getPort(), socket.getPort());
        socket.disconnect();
        assertFalse(socket.isConnected());
        assertFalse(channel.isConnected());
        socket.disconnect();
        assertEquals(-1, socket.getPort());
        assertTrue(socket.getLocalAddress().isAnyLocalAddress());
        socket.connect(at);
        try (DatagramChannel other = DatagramChannel.open().bind(Loopback.anyPort())) {
            socket.connect(other.getLocalAddress());
            assertEquals(other.getLocalAddress(), channel.getRemoteAddress(), "a socket connects anew");
        }
    }

    @Test
    void sendChecksTheAddressOfThePacket() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> socket.send(packet("no address")));
        socket.connect(peer.getLocalAddress());
        DatagramPacket packet = packet("x");
        socket.send(packet);
        assertEquals(peer.getLocalAddress(), packet.getSocketAddress());
        DatagramPacket elsewhere = packet("y");
        elsewhere.setSocketAddress(Loopback.refusing());
        assertThrows(IllegalArgumentException.class, () -> socket.send(elsewhere));
        DatagramPacket in = new DatagramPacket(new byte[5], 5);
        peer.socket().receive(in);
        assertEquals(1, in.getLength());
        assertEquals(socket.getLocalSocketAddress(), in.getSocketAddress());
    }

    @Test
    void aLongMessageIsCutToThePacket() throws Exception {
        socket.bind(Loopback.anyPort());
        peer.send(Io.bytes("0123456789"), channel.getLocalAddress());
        peer.send(Io.bytes("ab"), channel.getLocalAddress());
        DatagramPacket in = new DatagramPacket(new byte[10], 3, 4);
        socket.receive(in);
        assertEquals(4, in.getLength());
        assertEquals("0123", new String(in.getData(), in.getOffset(), in.getLength(), UTF_8));
        assertEquals(peer.getLocalAddress(), in.getSocketAddress());
        socket.receive(in);
        assertEquals("ab", new String(in.getData(), in.getOffset(), in.getLength(), UTF_8));
    }

    @Test
    void aReceiveTimesOutAndTheSocketStaysValid() throws Exception {
        socket.bind(Loopback.anyPort());
        assertThrows(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
        socket.setSoTimeout(10);
        assertEquals(10, socket.getSoTimeout());
        DatagramPacket in = new DatagramPacket(new byte[1], 1);
        assertThrows(SocketTimeoutException.class, () -> socket.receive(in));
        socket.setSoTimeout(10_000);
        peer.send(Io.bytes("x"), channel.getLocalAddress());
        socket.receive(in);
        assertEquals('x', in.getData()[0]);
    }

    @Test
    void theSocketOfANonBlockingChannelRefusesToSendAndReceive() throws Exception {
        channel.bind(Loopback.anyPort()).configureBlocking(false);
        DatagramPacket packet = packet("x");
        packet.setSocketAddress(peer.getLocalAddress());
        assertThrows(IllegalBlockingModeException.class, () -> socket.send(packet));
        assertThrows(IllegalBlockingModeException.class, () -> socket.receive(packet));
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            assertThrows(IllegalBlockingModeException.class, () -> socket.receive(packet));
            key.cancel();
            channel.configureBlocking(true);
            socket.send(packet);
            selector.selectNow();
        }
    }

    @Test
    void anUnreachablePortIsToldToAConnectedSocket() throws Exception {
        SocketAddress nobody;
        try (DatagramChannel gone = DatagramChannel.open().bind(Loopback.anyPort())) {
            nobody = gone.getLocalAddress();
        }
        socket.connect(nobody);
        socket.send(packet("x"));
        socket.setSoTimeout(10_000);
        assertThrows(PortUnreachableException.class, () -> socket.receive(new DatagramPacket(new byte[1], 1)));
    }

    @Test
    void optionsAreThoseOfTheChannel() throws Exception {
        socket.setReceiveBufferSize(60_000);
        assertEquals(60_000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
        assertEquals(60_000, socket.getReceiveBufferSize());
        socket.setSendBufferSize(50_000);
        assertEquals(50_000, channel.getOption(StandardSocketOptions.SO_SNDBUF));
        assertEquals(50_000, socket.getSendBufferSize());
        socket.setReuseAddress(true);
        assertTrue(channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        socket.setBroadcast(false);
        assertFalse(socket.getBroadcast());
        socket.setTrafficClass(8);
        assertEquals(8, socket.getTrafficClass());
        assertThrows(IllegalArgumentException.class, () -> socket.setTrafficClass(256));
        assertThrows(IllegalArgumentException.class, () -> socket.setSendBufferSize(0));
        assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBufferSize(0));
        assertSame(socket, socket.setOption(StandardSocketOptions.SO_REUSEADDR, false));
        assertFalse(socket.getOption(StandardSocketOptions.SO_REUSEADDR));
        assertEquals(channel.supportedOptions(), socket.supportedOptions());
        assertThrows(UnsupportedOperationException.class, () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
    }

    @Test
    void aClosedSocketKeepsWhatItWasAndRefusesTheRest() throws Exception {
        socket.connect(peer.getLocalAddress());
        socket.close();
        socket.close();
        assertTrue(socket.isClosed());
        assertFalse(channel.isOpen());
        assertTrue(socket.isBound());
        assertTrue(socket.isConnected());
        assertEquals(peer.getLocalAddress(), socket.getRemoteSocketAddress());
        assertNull(socket.getLocalSocketAddress());
        assertNull(socket.getLocalAddress());
        assertEquals(-1, socket.getLocalPort());
        SocketAddress at = peer.getLocalAddress();
        socket.connect(at);
        socket.disconnect();
        assertThrows(SocketException.class, () -> socket.bind(null));
        assertThrows(SocketException.class, () -> socket.send(packet("x")));
        assertThrows(SocketException.class, () -> socket.receive(packet("x")));
        assertThrows(SocketException.class, () -> socket.setSoTimeout(1));
        assertThrows(SocketException.class, socket::getSoTimeout);
        assertThrows(SocketException.class, socket::getReceiveBufferSize);
        assertThrows(SocketException.class, () -> socket.setReuseAddress(true));
    }
}
