package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AddressTest {
    @ParameterizedTest
    @EnumSource
    void bothEndsAgreeOnTheFourAddresses(Loopback loopback) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback.bindAddress());
                TcpPair pair = TcpPair.open(listener, loopback)) {
            InetSocketAddress target = loopback.connectAddress(listener);
            assertEquals(target, pair.client().getRemoteAddress());
            assertEquals(target, pair.server().getLocalAddress());
            assertEquals(pair.client().getLocalAddress(), pair.server().getRemoteAddress());
            InetSocketAddress local = (InetSocketAddress) pair.client().getLocalAddress();
            assertNotEquals(0, local.getPort());
            assertTrue(local.getAddress().isLoopbackAddress());
            assertFalse(local.isUnresolved());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSocketAdaptorsTellTheSameAddresses(Loopback loopback) throws Exception {
        try (TcpPair pair = TcpPair.open(loopback)) {
            for (SocketChannel channel : new SocketChannel[] {pair.client(), pair.server()}) {
                assertEquals(channel.getLocalAddress(), channel.socket().getLocalSocketAddress());
                assertEquals(channel.getRemoteAddress(), channel.socket().getRemoteSocketAddress());
                InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
                assertEquals(remote.getPort(), channel.socket().getPort());
                assertEquals(remote.getAddress(), channel.socket().getInetAddress());
                InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
                assertEquals(local.getPort(), channel.socket().getLocalPort());
                assertEquals(local.getAddress(), channel.socket().getLocalAddress());
            }
        }
    }

    @Test
    void anExplicitLocalAddressAndPortAreKept() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open()) {
            assertSame(client, client.bind(Loopback.IPV4_SECOND_ADDRESS.bindAddress()));
            InetSocketAddress bound = (InetSocketAddress) client.getLocalAddress();
            assertNotEquals(0, bound.getPort());
            assertEquals(Loopback.IPV4_SECOND_ADDRESS.connectAddress(), bound.getAddress());
            client.connect(listener.getLocalAddress());
            assertEquals(bound, client.getLocalAddress());
            try (SocketChannel server = listener.accept()) {
                assertEquals(bound, server.getRemoteAddress());
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void anExplicitLocalPortIsKeptAndBusyUntilTheClose() throws Exception {
        InetSocketAddress chosen = Loopback.refusing();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open().bind(chosen);
                SocketChannel rival = SocketChannel.open()) {
            client.connect(listener.getLocalAddress());
            assertEquals(chosen, client.getLocalAddress());
            try (SocketChannel server = listener.accept()) {
                assertEquals(chosen, server.getRemoteAddress());
            }
            assertThrows(BindException.class, () -> rival.bind(chosen));
        }
    }

    @Test
    void aWildcardLocalAddressIsMadeSpecificByConnect() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open().bind(null)) {
            InetSocketAddress bound = (InetSocketAddress) client.getLocalAddress();
            assertTrue(bound.getAddress().isAnyLocalAddress());
            client.connect(listener.getLocalAddress());
            InetSocketAddress local = (InetSocketAddress) client.getLocalAddress();
            assertEquals(bound.getPort(), local.getPort());
            assertTrue(local.getAddress().isLoopbackAddress());
        }
    }

    @Test
    void bindingIsRefusedWhenBoundConnectedOrUnusable() throws Exception {
        try (SocketChannel bound = SocketChannel.open().bind(Loopback.anyPort());
                SocketChannel other = SocketChannel.open();
                TcpPair pair = TcpPair.open()) {
            assertThrows(AlreadyBoundException.class, () -> bound.bind(Loopback.anyPort()));
            assertThrows(AlreadyBoundException.class, () -> pair.client().bind(null));
            assertThrows(AlreadyBoundException.class, () -> pair.server().bind(null));
            assertThrows(BindException.class, () -> other.bind(new InetSocketAddress("192.0.2.77", 0)));
            assertThrows(
                    UnresolvedAddressException.class,
                    () -> other.bind(InetSocketAddress.createUnresolved("localhost", 0)));
            assertThrows(UnsupportedAddressTypeException.class, () -> other.bind(new SocketAddress() {}));
            assertTrue(other.isOpen());
            assertSame(other, other.bind(Loopback.anyPort()));
        }
    }

    @Test
    void aPortInUseIsRefused() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel client = SocketChannel.open()) {
            SocketAddress taken = listener.getLocalAddress();
            assertThrows(BindException.class, () -> client.bind(taken));
            assertTrue(client.isOpen());
        }
    }

    @Test
    void noTwoOpenConnectionsHaveTheSameLocalPort() throws Exception {
        Set<SocketAddress> locals = new HashSet<>();
        SocketChannel[] clients = new SocketChannel[200];
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = SocketChannel.open(listener.getLocalAddress());
                listener.accept().close();
                assertTrue(locals.add(clients[i].getLocalAddress()), "a port is used twice");
            }
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aPortOfAClosedListenerIsBoundAgain() throws IOException {
        SocketAddress address;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            address = listener.getLocalAddress();
            try (SocketChannel client = SocketChannel.open(address);
                    SocketChannel server = listener.accept()) {
                assertNotNull(server);
                assertTrue(client.isConnected());
            }
        }
        try (ServerSocketChannel again = ServerSocketChannel.open().bind(address)) {
            assertEquals(address, again.getLocalAddress());
        }
    }
}
