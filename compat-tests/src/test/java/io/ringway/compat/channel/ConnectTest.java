package io.ringway.compat.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTest {
    @Tag("smoke")
    @ParameterizedTest
    @EnumSource
    void aBlockingConnectReachesEveryKindOfListener(Loopback loopback) throws Exception {
        ManagementBean.assertAccelerated(() -> {
            try (TcpPair pair = TcpPair.open(loopback)) {
                assertTrue(pair.client().isConnected());
                assertTrue(pair.server().isConnected());
                Io.pingPong(pair);
            }
        });
    }

    @Test
    void aBlockingConnectReturnsTrueBeforeAnyAccept() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open()) {
            assertTrue(client.connect(listener.getLocalAddress()));
            assertTrue(client.isConnected());
            assertFalse(client.isConnectionPending());
            assertTrue(client.finishConnect());
        }
    }

    @Test
    void bytesWrittenBeforeTheAcceptArrive() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            Io.write(client, "early");
            try (SocketChannel server = listener.accept()) {
                assertEquals("early", Io.read(server, 5));
            }
        }
    }

    @Test
    void aConnectionClosedBeforeTheAcceptIsAcceptedAndReadToItsEnd() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                Io.write(client, "gone");
            }
            try (SocketChannel server = listener.accept()) {
                assertEquals("gone", new String(Io.readToEnd(server), UTF_8));
            }
        }
    }

    @Test
    void openWithAnAddressConnects() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            assertTrue(client.isConnected());
            assertTrue(client.isBlocking());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void connectingToTheWildcardReachesTheLoopback(String wildcard) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(0))) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (SocketChannel client = SocketChannel.open(new InetSocketAddress(wildcard, port));
                    SocketChannel server = listener.accept()) {
                assertTrue(((InetSocketAddress) client.getRemoteAddress())
                        .getAddress()
                        .isLoopbackAddress());
                assertTrue(((InetSocketAddress) server.getRemoteAddress())
                        .getAddress()
                        .isLoopbackAddress());
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void aRefusedBlockingConnectThrowsAndClosesTheChannel() throws Exception {
        InetSocketAddress nobody = Loopback.refusing();
        try (SocketChannel channel = SocketChannel.open()) {
            ConnectException e = assertThrows(ConnectException.class, () -> channel.connect(nobody));
            assertEquals("Connection refused", e.getMessage());
            assertFalse(channel.isOpen());
            assertFalse(channel.isConnected());
            assertThrows(ClosedChannelException.class, () -> channel.connect(nobody));
        }
    }

    @Test
    void openWithARefusingAddressThrows() throws Exception {
        InetSocketAddress nobody = Loopback.refusing();
        assertThrows(ConnectException.class, () -> SocketChannel.open(nobody));
    }

    @Test
    void aListenersPortRefusesOnceTheListenerIsClosed() throws Exception {
        for (int i = 0; i < 20; i++) {
            SocketAddress address;
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
                address = listener.getLocalAddress();
                SocketChannel.open(address).close();
            }
            assertThrows(ConnectException.class, () -> SocketChannel.open(address));
        }
    }

    @Test
    void aListenerOfAnotherLoopbackAddressRefuses() throws Exception {
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(Loopback.IPV4_SECOND_ADDRESS.bindAddress())) {
            InetSocketAddress other = Loopback.IPV4.connectAddress(listener);
            assertThrows(ConnectException.class, () -> SocketChannel.open(other));
        }
    }

    @Test
    void anIpv4ListenerRefusesIpv6AndTheOtherWayRound() throws Exception {
        try (ServerSocketChannel ipv4 = ServerSocketChannel.open().bind(Loopback.IPV4_WILDCARD.bindAddress());
                ServerSocketChannel ipv6 = ServerSocketChannel.open().bind(Loopback.IPV6.bindAddress())) {
            assertNotNull(ipv4.getLocalAddress());
            InetSocketAddress toIpv6 = new InetSocketAddress(
                    Loopback.IPV4.connectAddress(), ((InetSocketAddress) ipv6.getLocalAddress()).getPort());
            assertThrows(ConnectException.class, () -> SocketChannel.open(toIpv6));
        }
    }

    @Test
    void anUnresolvedAddressIsRefusedAndTheChannelStaysOpen() throws Exception {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
        try (SocketChannel channel = SocketChannel.open()) {
            assertThrows(UnresolvedAddressException.class, () -> channel.connect(unresolved));
            assertTrue(channel.isOpen());
            assertNull(channel.getRemoteAddress());
        }
        assertThrows(UnresolvedAddressException.class, () -> SocketChannel.open(unresolved));
    }

    @Test
    void anAddressOfAnotherTypeIsRefusedAndTheChannelStaysOpen() throws Exception {
        SocketAddress pigeonhole = new SocketAddress() {};
        try (SocketChannel channel = SocketChannel.open()) {
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.connect(pigeonhole));
            assertThrows(
                    UnsupportedAddressTypeException.class,
                    () -> channel.connect(UnixDomainSocketAddress.of("/nowhere")));
            assertThrows(NullPointerException.class, () -> channel.connect(nullAddress()));
            assertTrue(channel.isOpen());
        }
        assertThrows(UnsupportedAddressTypeException.class, () -> SocketChannel.open(pigeonhole));
        assertThrows(NullPointerException.class, () -> SocketChannel.open(nullAddress()));
    }

    @Test
    void aConnectedChannelRefusesToConnectAgain() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel server = listener.accept()) {
            assertThrows(AlreadyConnectedException.class, () -> client.connect(listener.getLocalAddress()));
            assertThrows(AlreadyConnectedException.class, () -> server.connect(listener.getLocalAddress()));
            client.configureBlocking(false);
            assertThrows(AlreadyConnectedException.class, () -> client.connect(listener.getLocalAddress()));
            Io.pingPong(new TcpPair(client, server));
        }
    }

    @Test
    void aChannelIsReconnectedAfterItsAddressWasFoundUnusable() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
            assertThrows(UnresolvedAddressException.class, () -> channel.connect(unresolved));
            assertDoesNotThrow(() -> channel.connect(listener.getLocalAddress()));
        }
    }

    @Test
    void aHundredConnectionsAtOnceEachReachTheirOwnPeer() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < 100; i++) {
                pairs.add(TcpPair.open(listener, Loopback.IPV4));
            }
            for (int i = 0; i < 100; i++) {
                Io.write(pairs.get(i).client(), "%04d".formatted(i));
            }
            for (int i = 99; i >= 0; i--) {
                assertEquals("%04d".formatted(i), Io.read(pairs.get(i).server(), 4));
            }
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void aSocketConnectsToItself() throws Exception {
        try (SocketChannel channel = SocketChannel.open().bind(Loopback.anyPort())) {
            assertTrue(channel.connect(channel.getLocalAddress()));
            assertEquals(channel.getLocalAddress(), channel.getRemoteAddress());
            Io.write(channel, "myself");
            assertEquals("myself", Io.read(channel, 6));
            channel.shutdownOutput();
            assertEquals(0, Io.readToEnd(channel).length);
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static SocketAddress nullAddress() {
        return null;
    }

    @Test
    void closingWhileUnconnectedIsHarmless() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.close();
        channel.close();
        assertFalse(channel.isOpen());
        assertFalse(channel.isConnected());
        assertFalse(channel.isConnectionPending());
    }
}
