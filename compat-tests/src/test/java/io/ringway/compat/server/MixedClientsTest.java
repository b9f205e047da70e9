package io.ringway.compat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One listener, several kinds of client at once: NIO channels and kernel sockets, IPv4 and IPv6. */
class MixedClientsTest {
    @Test
    void aDualStackWildcardAcceptsBothFamilies() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("::", 0));
                TcpPair ipv4 = TcpPair.open(listener, Loopback.WILDCARD_BY_IPV4);
                TcpPair ipv6 = TcpPair.open(listener, Loopback.WILDCARD_BY_IPV6)) {
            assertTrue(((InetSocketAddress) ipv4.server().getRemoteAddress()).getAddress() instanceof Inet4Address);
            assertTrue(((InetSocketAddress) ipv6.server().getRemoteAddress()).getAddress() instanceof Inet6Address);
            Io.pingPong(ipv4);
            Io.pingPong(ipv6);
        }
    }

    @Test
    void anIpv4WildcardRefusesIpv6() throws Exception {
        try (ServerSocketChannel listener =
                ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(0))) {
            Io.pingPong(TcpPair.open(listener, Loopback.IPV4));
            InetSocketAddress ipv6 = Loopback.IPV6.connectAddress(listener);
            assertThrows(ConnectException.class, () -> SocketChannel.open(ipv6));
        }
    }

    @Test
    void aSpecificListenerTakesPrecedenceOverAWildcardOne() throws Exception {
        try (ServerSocketChannel specific = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) specific.getLocalAddress()).getPort();
            ServerSocketChannel wildcard = ServerSocketChannel.open();
            try (wildcard) {
                assertThrows(BindException.class, () -> wildcard.bind(new InetSocketAddress(port)));
            }
            Io.pingPong(TcpPair.open(specific, Loopback.IPV4));
        }
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void kernelSocketsAndChannelsConnectToOneListener(boolean blocking) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(0));
                Selector selector = Selector.open()) {
            listener.configureBlocking(blocking);
            if (!blocking) {
                listener.register(selector, SelectionKey.OP_ACCEPT);
            }
            for (int i = 0; i < 10; i++) {
                InetSocketAddress target = i % 3 == 0
                        ? Loopback.WILDCARD_BY_IPV6.connectAddress(listener)
                        : Loopback.WILDCARD_BY_IPV4.connectAddress(listener);
                try (Socket socket = new Socket(target.getAddress(), target.getPort());
                        SocketChannel channel = SocketChannel.open(target)) {
                    try (SocketChannel first = accept(listener, selector);
                            SocketChannel second = accept(listener, selector)) {
                        boolean firstIsKernel = first.getRemoteAddress().equals(socket.getLocalSocketAddress());
                        exchange(socket, firstIsKernel ? first : second);
                        Io.pingPong(new TcpPair(channel, firstIsKernel ? second : first));
                    }
                }
            }
        }
    }

    private static SocketChannel accept(ServerSocketChannel listener, Selector selector) throws Exception {
        if (listener.isBlocking()) {
            return listener.accept();
        }
        SocketChannel[] accepted = {null};
        Await.until("a connection is accepted", () -> {
            selector.select(1_000);
            selector.selectedKeys().clear();
            accepted[0] = listener.accept();
            return accepted[0] != null;
        });
        return accepted[0];
    }

    private static void exchange(Socket socket, SocketChannel channel) throws Exception {
        socket.getOutputStream().write("kernel".getBytes(UTF_8));
        assertEquals("kernel", Io.read(channel, 6));
        Io.write(channel, "answer");
        assertEquals("answer", new String(socket.getInputStream().readNBytes(6), UTF_8));
    }

    @Test
    void aBlockedAcceptTakesAKernelClient() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Background<SocketChannel> accept = Background.start(listener::accept)) {
            accept.awaitInside("accept");
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            try (Socket socket = new Socket(address.getAddress(), address.getPort());
                    SocketChannel server = accept.result()) {
                exchange(socket, server);
            }
        }
    }

    @Test
    void aChannelConnectsToAKernelListener() throws Exception {
        int total = 2_000_000;
        try (ServerSocket listener = new ServerSocket(0, 10, Loopback.IPV4.connectAddress());
                SocketChannel client = SocketChannel.open(listener.getLocalSocketAddress());
                Socket server = listener.accept()) {
            exchange(server, client);
            try (Background<Integer> writer = Background.start(() -> client.write(new SeededBytes(1).next(total)))) {
                byte[] all = server.getInputStream().readNBytes(total);
                new SeededBytes(1).check(ByteBuffer.wrap(all));
                assertEquals(total, writer.result());
            }
            server.shutdownOutput();
            assertEquals(-1, client.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void remoteAddressesOfKernelAndOtherClientsNeverCollide() throws Exception {
        Set<Object> remotes = new HashSet<>();
        Set<AutoCloseable> open = new HashSet<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            for (int i = 0; i < 200; i++) {
                open.add(i % 2 == 0 ? SocketChannel.open(address) : socket(address));
                SocketChannel server = listener.accept();
                open.add(server);
                assertTrue(remotes.add(server.getRemoteAddress()), "two clients with one address");
            }
        } finally {
            for (AutoCloseable channel : open) {
                channel.close();
            }
        }
    }

    private static Socket socket(InetSocketAddress address) throws IOException {
        return new Socket(address.getAddress(), address.getPort());
    }
}
