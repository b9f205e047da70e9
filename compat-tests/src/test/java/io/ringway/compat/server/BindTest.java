package io.ringway.compat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Loopback;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindTest {
    @ParameterizedTest
    @EnumSource
    void bindReturnsTheChannelAndTheLocalAddressHasAPort(Loopback loopback) throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            assertNull(channel.getLocalAddress());
            assertSame(channel, channel.bind(loopback.bindAddress()));
            InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
            assertNotEquals(0, local.getPort());
            assertEquals(
                    loopback.bindAddress().getAddress().isAnyLocalAddress(),
                    local.getAddress().isAnyLocalAddress());
        }
    }

    @Test
    void bindingToNullTakesTheWildcardAndAnyPort() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open().bind(null)) {
            InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
            assertTrue(local.getAddress().isAnyLocalAddress());
            assertNotEquals(0, local.getPort());
            SocketChannel.open(Loopback.WILDCARD_BY_IPV4.connectAddress(channel))
                    .close();
            SocketChannel.open(Loopback.WILDCARD_BY_IPV6.connectAddress(channel))
                    .close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 10, 100_000})
    void anyBacklogIsAccepted(int backlog) throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open().bind(Loopback.anyPort(), backlog);
                SocketChannel client = SocketChannel.open(channel.getLocalAddress());
                SocketChannel server = channel.accept()) {
            assertEquals(client.getLocalAddress(), server.getRemoteAddress());
        }
    }

    @Test
    void bindingTwiceIsRefused() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            assertThrows(AlreadyBoundException.class, () -> channel.bind(Loopback.anyPort()));
            assertThrows(AlreadyBoundException.class, () -> channel.bind(null));
            assertTrue(channel.isOpen());
        }
    }

    @Test
    void aPortInUseIsRefusedByWhomeverItIsUsed() throws Exception {
        try (ServerSocketChannel first = ServerSocketChannel.open().bind(Loopback.anyPort());
                ServerSocketChannel second = ServerSocketChannel.open();
                ServerSocket socket = new ServerSocket(0, 1, Loopback.IPV4.connectAddress())) {
            SocketAddress taken = first.getLocalAddress();
            BindException e = assertThrows(BindException.class, () -> second.bind(taken));
            assertEquals("Address already in use", e.getMessage());
            assertThrows(BindException.class, () -> second.bind(socket.getLocalSocketAddress()));
            assertTrue(second.isOpen());
            assertNull(second.getLocalAddress());
            second.bind(Loopback.anyPort());
            try (ServerSocket kernel = new ServerSocket()) {
                assertThrows(BindException.class, () -> kernel.bind(taken));
            }
        }
    }

    @Test
    void twoAddressesOfTheLoopbackShareAPort() throws Exception {
        try (ServerSocketChannel first = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
            InetSocketAddress other = new InetSocketAddress(Loopback.IPV4_SECOND_ADDRESS.connectAddress(), port);
            try (ServerSocketChannel second = ServerSocketChannel.open().bind(other);
                    SocketChannel toFirst = SocketChannel.open(first.getLocalAddress());
                    SocketChannel toSecond = SocketChannel.open(other);
                    SocketChannel ofFirst = first.accept();
                    SocketChannel ofSecond = second.accept()) {
                assertEquals(toFirst.getLocalAddress(), ofFirst.getRemoteAddress());
                assertEquals(toSecond.getLocalAddress(), ofSecond.getRemoteAddress());
            }
        }
    }

    @Test
    void foreignUnresolvedAndOtherAddressesAreRefused() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            assertThrows(BindException.class, () -> channel.bind(new InetSocketAddress("192.0.2.77", 0)));
            assertThrows(
                    UnresolvedAddressException.class,
                    () -> channel.bind(InetSocketAddress.createUnresolved("localhost", 0)));
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.bind(new SocketAddress() {}));
            assertThrows(
                    UnsupportedAddressTypeException.class, () -> channel.bind(UnixDomainSocketAddress.of("unused")));
            assertTrue(channel.isOpen());
            assertNull(channel.getLocalAddress());
        }
    }

    @Test
    void anUnboundChannelDoesNotAcceptButRegisters() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open();
                Selector selector = Selector.open()) {
            assertThrows(NotYetBoundException.class, channel::accept);
            channel.configureBlocking(false);
            assertThrows(NotYetBoundException.class, channel::accept);
            SelectionKey key = channel.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            selector.selectedKeys().clear();
            channel.bind(Loopback.anyPort());
            try (SocketChannel client = SocketChannel.open(channel.getLocalAddress())) {
                assertEquals(1, selector.select(10_000));
                assertTrue(key.isAcceptable());
                channel.accept().close();
                assertTrue(client.isConnected());
            }
        }
    }

    @Test
    void aClosedChannelRefusesEverything() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open().bind(Loopback.anyPort());
        channel.close();
        channel.close();
        assertFalse(channel.isOpen());
        assertThrows(ClosedChannelException.class, channel::accept);
        assertThrows(ClosedChannelException.class, channel::getLocalAddress);
        assertThrows(ClosedChannelException.class, () -> channel.bind(null));
        assertThrows(ClosedChannelException.class, () -> channel.configureBlocking(false));
        assertEquals(SelectionKey.OP_ACCEPT, channel.validOps());
    }

    @Test
    void thePortIsFreeAsSoonAsTheChannelIsClosed() throws Exception {
        SocketAddress address;
        try (ServerSocketChannel channel = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            address = channel.getLocalAddress();
        }
        for (int i = 0; i < 50; i++) {
            try (ServerSocketChannel channel = ServerSocketChannel.open().bind(address);
                    SocketChannel client = SocketChannel.open(address);
                    SocketChannel server = channel.accept()) {
                assertEquals(client.getLocalAddress(), server.getRemoteAddress());
            }
        }
    }

    @Test
    void toStringTellsTheState() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open();
        assertTrue(channel.toString().endsWith("[unbound]"), channel::toString);
        channel.bind(Loopback.anyPort());
        assertFalse(channel.toString().endsWith("[unbound]"), channel::toString);
        channel.close();
        assertTrue(channel.toString().endsWith("[closed]"), channel::toString);
    }
}
