package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("smoke")
class ProviderTest {
    @Test
    void theProviderInUseIsTheOneUnderTest() {
        String name = SelectorProvider.provider().getClass().getName();
        assertTrue(
                name.startsWith(ProviderUnderTest.current().classNamePrefix()),
                () -> ProviderUnderTest.current() + " is under test, but the provider is " + name);
    }

    @Test
    void newChannelsAreOpenBlockingAndNotRegistered() throws IOException {
        Pipe pipe = Pipe.open();
        try (SocketChannel socket = SocketChannel.open();
                ServerSocketChannel server = ServerSocketChannel.open();
                DatagramChannel datagram = DatagramChannel.open();
                SelectableChannel source = pipe.source();
                SelectableChannel sink = pipe.sink()) {
            for (SelectableChannel channel : List.of(socket, server, datagram, source, sink)) {
                assertTrue(channel.isOpen());
                assertTrue(channel.isBlocking());
                assertFalse(channel.isRegistered());
            }
        }
    }

    @Test
    void tcpChannelsPipesAndSelectorsNameTheirProvider() throws IOException {
        SelectorProvider provider = SelectorProvider.provider();
        Pipe pipe = Pipe.open();
        try (SocketChannel socket = SocketChannel.open();
                ServerSocketChannel server = ServerSocketChannel.open();
                SelectableChannel source = pipe.source();
                SelectableChannel sink = pipe.sink();
                Selector selector = Selector.open()) {
            assertSame(provider, source.provider());
            assertSame(provider, sink.provider());
            assertSame(provider, socket.provider());
            assertSame(provider, server.provider());
            assertSame(provider, selector.provider());
        }
    }

    /** A difference that the README lists: on Ringway these channels are the JDK's own, and name its provider. */
    @Test
    void datagramAndUnixChannelsNameTheJdksProvider() throws IOException {
        try (DatagramChannel datagram = DatagramChannel.open();
                SocketChannel unix = SocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel unixServer = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            for (SelectableChannel channel : List.of(datagram, unix, unixServer)) {
                String name = channel.provider().getClass().getName();
                assertTrue(name.startsWith(ProviderUnderTest.JDK.classNamePrefix()), name);
            }
        }
    }

    @Test
    void anAcceptedChannelNamesItsProvider() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            assertSame(SelectorProvider.provider(), pair.server().provider());
        }
    }

    @Test
    void validOperationsAreThoseOfTheKindOfChannel() throws IOException {
        Pipe pipe = Pipe.open();
        try (SocketChannel socket = SocketChannel.open();
                ServerSocketChannel server = ServerSocketChannel.open();
                DatagramChannel datagram = DatagramChannel.open();
                SelectableChannel source = pipe.source();
                SelectableChannel sink = pipe.sink()) {
            assertEquals(SelectionKey.OP_CONNECT | SelectionKey.OP_READ | SelectionKey.OP_WRITE, socket.validOps());
            assertEquals(SelectionKey.OP_ACCEPT, server.validOps());
            assertEquals(SelectionKey.OP_READ | SelectionKey.OP_WRITE, datagram.validOps());
            assertEquals(SelectionKey.OP_READ, source.validOps());
            assertEquals(SelectionKey.OP_WRITE, sink.validOps());
        }
    }

    @Test
    void noChannelIsInherited() throws IOException {
        Channel inherited = SelectorProvider.provider().inheritedChannel();
        assertNull(inherited);
        assertNull(System.inheritedChannel());
    }

    @ParameterizedTest
    @EnumSource(StandardProtocolFamily.class)
    void aSocketChannelOfEachFamilyOpens(ProtocolFamily family) throws IOException {
        try (SocketChannel channel = SocketChannel.open(family)) {
            assertTrue(channel.isOpen());
            assertFalse(channel.isConnected());
        }
    }

    @ParameterizedTest
    @EnumSource(StandardProtocolFamily.class)
    void aServerSocketChannelOfEachFamilyOpens(ProtocolFamily family) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(family)) {
            assertTrue(channel.isOpen());
            assertNull(channel.getLocalAddress());
        }
    }

    @Test
    void anUnknownOrMissingFamilyIsRefused() {
        ProtocolFamily unknown = () -> "PIGEON";
        assertThrows(UnsupportedOperationException.class, () -> SocketChannel.open(unknown));
        assertThrows(UnsupportedOperationException.class, () -> ServerSocketChannel.open(unknown));
        assertThrows(UnsupportedOperationException.class, () -> DatagramChannel.open(unknown));
        assertThrows(UnsupportedOperationException.class, () -> DatagramChannel.open(StandardProtocolFamily.UNIX));
        SelectorProvider provider = SelectorProvider.provider();
        assertThrows(NullPointerException.class, () -> provider.openSocketChannel(nullFamily()));
        assertThrows(NullPointerException.class, () -> provider.openServerSocketChannel(nullFamily()));
        assertThrows(NullPointerException.class, () -> provider.openDatagramChannel(nullFamily()));
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static ProtocolFamily nullFamily() {
        return null;
    }

    @Test
    void anIpv4ChannelRefusesIpv6Addresses() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.bind(Loopback.IPV6.bindAddress()));
            assertThrows(UnsupportedAddressTypeException.class, () -> server.bind(Loopback.IPV6.bindAddress()));
        }
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.IPV6.bindAddress());
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.connect(listener.getLocalAddress()));
        }
    }

    @Test
    void anIpv4ChannelTalksToADualStackListener() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.WILDCARD_BY_IPV4.bindAddress());
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
            client.connect(Loopback.WILDCARD_BY_IPV4.connectAddress(listener));
            try (SocketChannel server = listener.accept()) {
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void anIpv6ChannelTalksToAnIpv4Listener() throws Exception {
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open(StandardProtocolFamily.INET).bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET6)) {
            client.connect(listener.getLocalAddress());
            try (SocketChannel server = listener.accept()) {
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }
}
