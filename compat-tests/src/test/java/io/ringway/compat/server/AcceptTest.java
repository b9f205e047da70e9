package io.ringway.compat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.KernelQueue;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
    @ParameterizedTest
    @EnumSource
    void aBlockingAcceptWaitsForAConnection(Loopback loopback) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback.bindAddress());
                Background<SocketChannel> accept = Background.start(listener::accept)) {
            accept.awaitInside("accept");
            try (SocketChannel client = SocketChannel.open(loopback.connectAddress(listener));
                    SocketChannel server = accept.result()) {
                assertTrue(server.isConnected());
                assertTrue(server.isBlocking());
                assertFalse(server.isRegistered());
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void aNonBlockingAcceptReturnsNullUntilAConnectionComes() throws Exception {
        try (ServerSocketChannel listener = nonBlockingListener()) {
            for (int i = 0; i < 10; i++) {
                assertNull(listener.accept());
            }
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                SocketChannel[] server = {null};
                Await.until("accepted", () -> {
                    server[0] = listener.accept();
                    return server[0] != null;
                });
                assertTrue(server[0].isBlocking(), "accepted channels start in blocking mode");
                Io.pingPong(new TcpPair(client, server[0]));
                server[0].close();
            }
            assertNull(listener.accept());
        }
    }

    @Test
    void connectionsAreAcceptedInTheOrderTheyCame() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(SocketChannel.open(listener.getLocalAddress()));
            }
            for (SocketChannel client : clients) {
                try (SocketChannel server = listener.accept()) {
                    assertEquals(client.getLocalAddress(), server.getRemoteAddress());
                }
                client.close();
            }
        }
    }

    /** Nobody selects for them, and nobody asks. */
    @Test
    void attemptsThatFoundTheBacklogFullGoOnByThemselves() throws Exception {
        int count = 3;
        List<SocketChannel> clients = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 1)) {
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                client.configureBlocking(false);
                client.connect(listener.getLocalAddress());
            }
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            // At once where the kernel has all of them; else who finds no room elsewhere comes to it in the end.
            Await.until("a connection in the kernel's queue", () -> KernelQueue.length(port) > 0);
            try (Background<Integer> acceptor = Background.start(() -> {
                for (int i = 0; i < count; i++) {
                    listener.accept().close();
                }
                return count;
            })) {
                assertEquals(count, acceptor.result());
            }
            for (SocketChannel client : clients) {
                assertTrue(client.finishConnect());
            }
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Tag("smoke")
    @Test
    void aThousandConnectionsAreAcceptedAndServed() throws Exception {
        int count = 1000;
        Map<SocketAddress, SocketChannel> clients = new HashMap<>();
        Map<SocketAddress, SocketChannel> servers = new HashMap<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 128)) {
            try (Background<Integer> acceptor = Background.start(() -> {
                for (int i = 0; i < count; i++) {
                    SocketChannel server = listener.accept();
                    servers.put(server.getRemoteAddress(), server);
                }
                return servers.size();
            })) {
                for (int i = 0; i < count; i++) {
                    SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                    clients.put(client.getLocalAddress(), client);
                }
                assertEquals(count, acceptor.result());
            }
            assertEquals(clients.keySet(), servers.keySet());
            for (Map.Entry<SocketAddress, SocketChannel> client : clients.entrySet()) {
                Io.pingPong(new TcpPair(client.getValue(), servers.get(client.getKey())));
            }
        } finally {
            closeAll(clients);
            closeAll(servers);
        }
    }

    private static void closeAll(Map<SocketAddress, SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels.values()) {
            channel.close();
        }
    }

    @Test
    void acceptReadinessStaysUntilAllAreAccepted() throws Exception {
        try (ServerSocketChannel listener = nonBlockingListener();
                Selector selector = Selector.open()) {
            SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(0, selector.selectNow());
            try (SocketChannel first = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel second = SocketChannel.open(listener.getLocalAddress())) {
                for (SocketChannel client : List.of(first, second)) {
                    for (int i = 0; i < 3; i++) {
                        assertEquals(1, selector.select(10_000));
                        assertTrue(key.isAcceptable());
                        selector.selectedKeys().clear();
                    }
                    try (SocketChannel server = listener.accept()) {
                        assertEquals(client.getLocalAddress(), server.getRemoteAddress());
                    }
                }
                assertEquals(0, selector.selectNow());
                assertNull(listener.accept());
            }
        }
    }

    @Test
    void aSelectWakesForAConnection() throws Exception {
        try (ServerSocketChannel listener = nonBlockingListener();
                Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            try (Background<Integer> select = Background.start(() -> selector.select())) {
                select.awaitInside("select");
                try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                    assertEquals(1, select.result());
                    listener.accept().close();
                    assertTrue(client.isConnected());
                }
            }
        }
    }

    @Test
    void twoThreadsBlockedInAcceptEachGetAConnection() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Background<SocketChannel> one = Background.start(listener::accept);
                Background<SocketChannel> two = Background.start(listener::accept)) {
            one.awaitInside("accept");
            two.awaitInside("accept");
            try (SocketChannel a = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel b = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel first = one.result();
                    SocketChannel second = two.result()) {
                assertEquals(
                        Set.of(a.getLocalAddress(), b.getLocalAddress()),
                        Set.of(first.getRemoteAddress(), second.getRemoteAddress()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsABlockedAccept(boolean virtual) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Background<SocketChannel> accept =
                        virtual ? Background.startVirtual(listener::accept) : Background.start(listener::accept)) {
            accept.awaitInside("accept");
            SocketAddress address = listener.getLocalAddress();
            listener.close();
            accept.failure(AsynchronousCloseException.class);
            assertThrows(ConnectException.class, () -> SocketChannel.open(address));
        }
    }

    @Test
    void closingWithConnectionsNotYetAcceptedResetsThem() throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            listener.close();
            assertEquals("Connection reset", Io.readUntilFailure(client).getMessage());
        }
    }

    @Test
    void closingWithHalfOpenClientsLeavesAcceptedConnectionsAlone() throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
            listener.close();
            Io.pingPong(pair);
        }
    }

    @Test
    void clientsThatConnectWhileTheListenerClosesSeeSuccessRefusalOrReset() throws Exception {
        for (int round = 0; round < 20; round++) {
            ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
            SocketAddress address = listener.getLocalAddress();
            try (Background<Integer> clients = Background.start(() -> connectUntilRefused(address))) {
                listener.accept().close();
                listener.close();
                assertTrue(clients.result() > 0);
            }
        }
    }

    /**
     * Linux forgets a connection, without a reset, that a client completes in the very moment in which the listener
     * closes. Only a client that sends something hears of it, so these do.
     */
    private static int connectUntilRefused(SocketAddress address) {
        for (int connections = 0; ; connections++) {
            try (SocketChannel client = SocketChannel.open(address)) {
                client.write(ByteBuffer.allocate(1));
                client.read(ByteBuffer.allocate(1));
            } catch (ConnectException e) {
                return connections;
            } catch (IOException e) {
                // A reset: the listener was closed before it accepted this one.
            }
        }
    }

    @Test
    void aListenerReopenedOnTheSamePortGetsTheNewConnections() throws Exception {
        InetSocketAddress address;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            address = (InetSocketAddress) listener.getLocalAddress();
        }
        for (int i = 0; i < 20; i++) {
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(address);
                    TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
                Io.pingPong(pair);
            }
        }
    }

    private static ServerSocketChannel nonBlockingListener() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        listener.configureBlocking(false);
        return listener;
    }
}
