package io.ringway.compat.other;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The states of a datagram channel, and the order in which its reasons to refuse come. It is registered throughout. */
class DatagramStateTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final SocketAddress UNRESOLVED = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    private static final SocketAddress OF_OTHER_TYPE = UnixDomainSocketAddress.of("/nowhere");

    private DatagramChannel channel;
    private DatagramChannel peer;
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        channel = DatagramChannel.open();
        peer = DatagramChannel.open().bind(Loopback.anyPort());
        selector = Selector.open();
        channel.configureBlocking(false).register(selector, READ);
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        channel.close();
        peer.close();
    }

    private static int port(DatagramChannel of) throws IOException {
        return ((InetSocketAddress) of.getLocalAddress()).getPort();
    }

    private SocketAddress reachable() throws IOException {
        return new InetSocketAddress(Loopback.IPV4.connectAddress(), port(channel));
    }

    @Test
    void aNewChannelIsOpenUnboundAndUnconnected() throws Exception {
        assertTrue(channel.isOpen());
        assertFalse(channel.isConnected());
        assertNull(channel.getLocalAddress());
        assertNull(channel.getRemoteAddress());
        assertEquals(READ | SelectionKey.OP_WRITE, channel.validOps());
        assertEquals(0, selector.selectNow());
    }

    @Test
    void aChannelIsBoundByWhatNeedsAnAddress() throws Exception {
        assertNull(channel.receive(ByteBuffer.allocate(1)));
        assertNotEquals(0, port(channel));
        try (DatagramChannel sender = DatagramChannel.open();
                DatagramChannel connected = DatagramChannel.open();
                DatagramChannel bound = DatagramChannel.open()) {
            assertEquals(1, sender.send(Io.bytes("x"), peer.getLocalAddress()));
            assertNotEquals(0, port(sender));
            connected.connect(peer.getLocalAddress());
            assertNotEquals(0, port(connected));
            assertSame(bound, bound.bind(null));
            assertNotEquals(0, port(bound));
            assertThrows(AlreadyBoundException.class, () -> bound.bind(null));
            assertThrows(AlreadyBoundException.class, () -> bound.bind(OF_OTHER_TYPE));
        }
    }

    @Test
    void aConnectedChannelHearsItsPeerOnly() throws Exception {
        channel.bind(Loopback.anyPort()).connect(peer.getLocalAddress());
        assertTrue(channel.isConnected());
        assertEquals(peer.getLocalAddress(), channel.getRemoteAddress());
        try (DatagramChannel stranger = DatagramChannel.open()) {
            stranger.send(Io.bytes("stranger"), channel.getLocalAddress());
        }
        peer.send(Io.bytes("peer"), channel.getLocalAddress());
        assertEquals(1, selector.select(10_000));
        ByteBuffer buffer = ByteBuffer.allocate(20);
        assertEquals(4, channel.read(buffer));
        assertEquals("peer", UTF_8.decode(buffer.flip()).toString());
        assertEquals(0, channel.read(buffer.clear()));
        selector.selectedKeys().clear();
        assertEquals(0, selector.selectNow());
        assertEquals(1, channel.send(Io.bytes("x"), peer.getLocalAddress()));
        assertEquals(1, channel.write(Io.bytes("y")));
        assertEquals(channel.getLocalAddress(), peer.receive(buffer.clear()));
        assertEquals(channel.getLocalAddress(), peer.receive(buffer));
        assertEquals("xy", UTF_8.decode(buffer.flip()).toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = Loopback.class,
            names = {"IPV4", "IPV6", "WILDCARD_BY_IPV4", "WILDCARD_BY_IPV6", "IPV4_WILDCARD"})
    void aDisconnectedChannelHearsEverybodyAndStaysRegistered(Loopback way) throws Exception {
        channel.bind(way.bindAddress());
        int port = port(channel);
        SocketAddress before = channel.getLocalAddress();
        selector.selectNow();
        try (DatagramChannel other = DatagramChannel.open().bind(new InetSocketAddress(way.connectAddress(), 0));
                DatagramChannel stranger = DatagramChannel.open()) {
            for (int i = 0; i < 3; i++) {
                channel.connect(other.getLocalAddress());
                assertEquals(port, port(channel));
                assertSame(channel, channel.disconnect());
                assertFalse(channel.isConnected());
                assertNull(channel.getRemoteAddress());
                assertEquals(before, channel.getLocalAddress());
                assertThrows(NotYetConnectedException.class, () -> channel.write(Io.bytes("x")));
                stranger.send(Io.bytes("x"), new InetSocketAddress(way.connectAddress(), port));
                assertEquals(1, selector.select(10_000));
                assertNotNull(channel.receive(ByteBuffer.allocate(1)));
                selector.selectedKeys().clear();
                assertEquals(0, selector.selectNow());
            }
        }
        assertSame(channel, channel.disconnect());
    }

    @Test
    void aWildcardBecomesTheSourceAddressWhileConnected() throws Exception {
        channel.bind(new InetSocketAddress(0));
        channel.connect(peer.getLocalAddress());
        assertEquals(reachable(), channel.getLocalAddress());
        channel.disconnect();
        assertTrue(((InetSocketAddress) channel.getLocalAddress()).getAddress().isAnyLocalAddress());
    }

    @Test
    void theAddressIsRefusedBeforeTheState() throws Exception {
        channel.connect(peer.getLocalAddress());
        for (boolean open : new boolean[] {true, false}) {
            assertThrows(UnresolvedAddressException.class, () -> channel.connect(UNRESOLVED));
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.connect(OF_OTHER_TYPE));
            assertThrows(UnresolvedAddressException.class, () -> channel.send(Io.bytes("x"), UNRESOLVED));
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.send(Io.bytes("x"), OF_OTHER_TYPE));
            assertThrows(NullPointerException.class, () -> channel.send(nothing(), peer.getLocalAddress()));
            assertThrows(NullPointerException.class, () -> channel.read((ByteBuffer) null));
            assertThrows(NullPointerException.class, () -> channel.write((ByteBuffer) null));
            assertThrows(IndexOutOfBoundsException.class, () -> channel.read(new ByteBuffer[] {Io.bytes("x")}, 1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> channel.write(new ByteBuffer[] {Io.bytes("x")}, 0, 2));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> channel.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()));
            assertEquals(open, channel.isOpen());
            channel.close();
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static ByteBuffer nothing() {
        return null;
    }

    @Test
    void theStateIsRefusedInItsOrder() throws Exception {
        ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThrows(NotYetConnectedException.class, () -> channel.read(readOnly));
        assertThrows(NotYetConnectedException.class, () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        assertThrows(NotYetConnectedException.class, () -> channel.write(new ByteBuffer[] {Io.bytes("x")}));
        channel.connect(peer.getLocalAddress());
        assertThrows(IllegalArgumentException.class, () -> channel.read(readOnly));
        assertThrows(AlreadyConnectedException.class, () -> channel.connect(peer.getLocalAddress()));
        SocketAddress other = Loopback.refusing();
        assertThrows(AlreadyConnectedException.class, () -> channel.send(Io.bytes("x"), other));
        assertThrows(AlreadyBoundException.class, () -> channel.bind(null));
    }

    @Test
    void aClosedChannelRefusesEverythingButDisconnect() throws Exception {
        SelectionKey key = channel.keyFor(selector);
        channel.connect(peer.getLocalAddress());
        SocketAddress at = peer.getLocalAddress();
        channel.close();
        channel.close();
        assertFalse(channel.isOpen());
        assertFalse(channel.isConnected());
        assertFalse(key.isValid());
        assertSame(channel, channel.disconnect());
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThrows(ClosedChannelException.class, () -> channel.read(buffer));
        assertThrows(ClosedChannelException.class, () -> channel.read(new ByteBuffer[] {buffer}));
        assertThrows(ClosedChannelException.class, () -> channel.write(buffer));
        assertThrows(ClosedChannelException.class, () -> channel.write(new ByteBuffer[] {buffer}));
        assertThrows(ClosedChannelException.class, () -> channel.receive(buffer));
        assertThrows(ClosedChannelException.class, () -> channel.send(buffer, at));
        assertThrows(ClosedChannelException.class, () -> channel.connect(at));
        assertThrows(ClosedChannelException.class, () -> channel.bind(OF_OTHER_TYPE));
        assertThrows(ClosedChannelException.class, channel::getLocalAddress);
        assertThrows(ClosedChannelException.class, channel::getRemoteAddress);
        assertThrows(ClosedChannelException.class, () -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, true));
        assertThrows(ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        selector.selectNow();
        assertFalse(channel.isRegistered());
    }

    @Test
    void datagramsKeepTheirBoundsAndTheBuffersTheirPositions() throws Exception {
        channel.bind(Loopback.anyPort());
        ByteBuffer out = Io.bytes("..one...");
        assertEquals(3, peer.send(out.position(2).limit(5), channel.getLocalAddress()));
        assertEquals(5, out.position());
        assertEquals(0, peer.send(out, channel.getLocalAddress()));
        assertEquals(3, peer.send(Io.bytes("two").asReadOnlyBuffer(), channel.getLocalAddress()));
        ByteBuffer in = ByteBuffer.allocateDirect(20).position(1);
        assertEquals(1, selector.select(10_000));
        assertEquals(peer.getLocalAddress(), channel.receive(in));
        assertEquals(4, in.position());
        assertEquals(peer.getLocalAddress(), channel.receive(in), "an empty datagram");
        assertEquals(4, in.position());
        assertEquals(peer.getLocalAddress(), channel.receive(in));
        assertEquals("onetwo", UTF_8.decode(in.flip().position(1)).toString());
        assertNull(channel.receive(in.clear()));
        assertEquals(0, in.position());
    }

    @Test
    void scatteredReadsFillOneAfterAnotherAndDropTheRest() throws Exception {
        channel.bind(Loopback.anyPort()).connect(peer.getLocalAddress());
        peer.connect(channel.getLocalAddress());
        ByteBuffer[] out = {Io.bytes("skipped"), Io.bytes("abc"), Io.bytes("def"), Io.bytes("skipped")};
        assertEquals(6, peer.write(out, 1, 2));
        peer.write(Io.bytes("next"));
        assertEquals(1, selector.select(10_000));
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocate(2), ByteBuffer.allocateDirect(2)};
        assertEquals(4, channel.read(in, 1, 2));
        assertEquals(0, in[0].position());
        assertEquals("ab", UTF_8.decode(in[1].flip()).toString());
        assertEquals("cd", UTF_8.decode(in[2].flip()).toString());
        ByteBuffer next = ByteBuffer.allocate(9);
        assertEquals(4, channel.read(new ByteBuffer[] {next}));
    }

    @Test
    void everyDocumentedOptionIsSupported() throws Exception {
        Set<SocketOption<?>> supported = channel.supportedOptions();
        assertTrue(supported.containsAll(List.of(
                StandardSocketOptions.SO_SNDBUF,
                StandardSocketOptions.SO_RCVBUF,
                StandardSocketOptions.SO_REUSEADDR,
                StandardSocketOptions.SO_BROADCAST,
                StandardSocketOptions.IP_TOS,
                StandardSocketOptions.IP_MULTICAST_IF,
                StandardSocketOptions.IP_MULTICAST_TTL,
                StandardSocketOptions.IP_MULTICAST_LOOP)));
        for (SocketOption<Boolean> option : List.of(
                StandardSocketOptions.SO_REUSEADDR,
                StandardSocketOptions.SO_BROADCAST,
                StandardSocketOptions.IP_MULTICAST_LOOP)) {
            for (boolean on : new boolean[] {true, false}) {
                assertSame(channel, channel.setOption(option, on));
                assertEquals(on, channel.getOption(option));
            }
        }
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
        assertEquals(50_000, channel.getOption(StandardSocketOptions.SO_SNDBUF));
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
        assertEquals(7, channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        channel.setOption(StandardSocketOptions.IP_TOS, 0x10);
        assertEquals(0x10, channel.getOption(StandardSocketOptions.IP_TOS));
        assertNull(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF));
        NetworkInterface loopback = NetworkInterface.getByInetAddress(Loopback.IPV4.connectAddress());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
        assertEquals(loopback, channel.getOption(StandardSocketOptions.IP_MULTICAST_IF));
    }

    @Test
    void optionsAreRefusedInTheirOrder() throws Exception {
        channel.close();
        assertThrows(NullPointerException.class, () -> channel.setOption(null, true));
        assertThrows(
                UnsupportedOperationException.class, () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertThrows(UnsupportedOperationException.class, () -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
        assertThrows(IllegalArgumentException.class, () -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, null));
        try (DatagramChannel open = DatagramChannel.open()) {
            assertThrows(IllegalArgumentException.class, () -> open.setOption(StandardSocketOptions.SO_RCVBUF, -1));
        }
    }

    @Test
    void anIpv4ChannelTakesIpv4AddressesOnly() throws Exception {
        try (DatagramChannel ipv4 = DatagramChannel.open(StandardProtocolFamily.INET)) {
            SocketAddress ipv6 = new InetSocketAddress(Loopback.IPV6.connectAddress(), 9);
            assertThrows(UnsupportedAddressTypeException.class, () -> ipv4.bind(ipv6));
            assertThrows(UnsupportedAddressTypeException.class, () -> ipv4.connect(ipv6));
            assertThrows(UnsupportedAddressTypeException.class, () -> ipv4.send(Io.bytes("x"), ipv6));
            ipv4.bind(null);
            assertEquals(1, ipv4.send(Io.bytes("x"), peer.getLocalAddress()));
        }
        assertThrows(NullPointerException.class, () -> DatagramChannel.open(null));
    }
}
