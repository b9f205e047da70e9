package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

class ChannelStateTest {
    @Test
    void aNewChannelIsOpenBlockingUnboundAndUnconnected() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            assertTrue(channel.isOpen());
            assertTrue(channel.isBlocking());
            assertFalse(channel.isConnected());
            assertFalse(channel.isConnectionPending());
            assertFalse(channel.isRegistered());
            assertNull(channel.getLocalAddress());
            assertNull(channel.getRemoteAddress());
        }
    }

    @Test
    void aConnectedChannelStaysConnectedWhenThePeerCloses() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().close();
            assertEquals(-1, Io.readSome(pair.client(), ByteBuffer.allocate(1)));
            assertTrue(pair.client().isConnected());
            assertTrue(pair.client().isOpen());
            assertTrue(pair.client().finishConnect());
            assertNotNull(pair.client().getRemoteAddress());
        }
    }

    @Test
    void aClosedChannelIsNeitherOpenNorConnected() throws Exception {
        TcpPair pair = TcpPair.open();
        pair.close();
        for (SocketChannel channel : new SocketChannel[] {pair.client(), pair.server()}) {
            assertFalse(channel.isOpen());
            assertFalse(channel.isConnected());
            assertFalse(channel.isConnectionPending());
            channel.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfAnUnconnectedChannelThatNeedsAConnectionThrows() throws IOException {
        SocketChannel channel = SocketChannel.open();
        return dynamic(
                NotYetConnectedException.class,
                Map.of(
                        "read", () -> channel.read(ByteBuffer.allocate(1)),
                        "read nothing", () -> channel.read(ByteBuffer.allocate(0)),
                        "read read-only",
                                () -> channel.read(ByteBuffer.allocate(1).asReadOnlyBuffer()),
                        "scattering read", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                        "write", () -> channel.write(ByteBuffer.allocate(1)),
                        "write nothing", () -> channel.write(ByteBuffer.allocate(0)),
                        "gathering write", () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                        "shutdownInput", channel::shutdownInput,
                        "shutdownOutput", channel::shutdownOutput));
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfAClosedChannelThrows() throws IOException {
        TcpPair pair = TcpPair.open();
        pair.close();
        SocketChannel channel = pair.client();
        InetSocketAddress address = Loopback.anyPort();
        return Stream.of(
                        Map.<String, Executable>of(
                                "read", () -> channel.read(ByteBuffer.allocate(1)),
                                "read nothing", () -> channel.read(ByteBuffer.allocate(0)),
                                "scattering read", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                                "scattering read of no buffer", () -> channel.read(new ByteBuffer[0]),
                                "write", () -> channel.write(ByteBuffer.allocate(1)),
                                "write nothing", () -> channel.write(ByteBuffer.allocate(0)),
                                "gathering write", () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                                "shutdownInput", channel::shutdownInput,
                                "shutdownOutput", channel::shutdownOutput),
                        Map.<String, Executable>of(
                                "connect", () -> channel.connect(address),
                                "finishConnect", channel::finishConnect,
                                "bind", () -> channel.bind(address),
                                "getLocalAddress", channel::getLocalAddress,
                                "getRemoteAddress", channel::getRemoteAddress,
                                "configureBlocking", () -> channel.configureBlocking(false),
                                "getOption", () -> channel.getOption(StandardSocketOptions.TCP_NODELAY),
                                "setOption", () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true)))
                .flatMap(operations -> dynamic(ClosedChannelException.class, operations));
    }

    private static Stream<DynamicTest> dynamic(Class<? extends Exception> expected, Map<String, Executable> all) {
        return all.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> assertThrowsExactly(expected, e.getValue())));
    }

    @Test
    void theAddressIsCheckedBeforeTheChannelsState() throws Exception {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 80);
        TcpPair pair = TcpPair.open();
        assertThrows(UnresolvedAddressException.class, () -> pair.client().connect(unresolved));
        pair.close();
        assertThrows(UnresolvedAddressException.class, () -> pair.client().connect(unresolved));
    }

    @Test
    void supportedOptionsAndOperationsOutliveTheClose() throws Exception {
        SocketChannel channel = SocketChannel.open();
        channel.close();
        assertTrue(channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
        assertNotEquals(0, channel.validOps());
        assertNotNull(channel.socket());
    }

    @Test
    void theBlockingModeChangesBackAndForth() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SocketChannel client = pair.client();
            for (int i = 0; i < 10; i++) {
                client.configureBlocking(false);
                assertFalse(client.isBlocking());
                assertEquals(0, client.read(ByteBuffer.allocate(1)));
                client.configureBlocking(true);
                assertTrue(client.isBlocking());
                Io.pingPong(pair);
            }
        }
    }

    @Test
    void aRegisteredChannelRefusesBlockingMode() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Selector selector = Selector.open()) {
            SocketChannel client = pair.client();
            assertThrows(IllegalBlockingModeException.class, () -> client.register(selector, SelectionKey.OP_READ));
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ);
            assertThrows(IllegalBlockingModeException.class, () -> client.configureBlocking(true));
            client.configureBlocking(false);
            key.cancel();
            selector.selectNow();
            client.configureBlocking(true);
            Io.pingPong(pair);
        }
    }

    @Test
    void aChannelEqualsItselfOnly() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            assertEquals(pair.client(), pair.client());
            assertNotEquals(pair.client(), pair.server());
            int hash = pair.client().hashCode();
            pair.client().close();
            assertEquals(hash, pair.client().hashCode());
        }
    }

    @Test
    void toStringTellsTheState() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            assertTrue(channel.toString().endsWith("[unconnected]"), channel::toString);
            channel.bind(Loopback.anyPort());
            String bound = "[unconnected local=" + channel.getLocalAddress() + "]";
            assertTrue(channel.toString().endsWith(bound), channel::toString);
        }
        TcpPair pair = TcpPair.open();
        String local = pair.client().getLocalAddress().toString();
        String remote = pair.client().getRemoteAddress().toString();
        assertEnds(pair.client(), "[connected local=" + local + " remote=" + remote + "]");
        pair.client().shutdownOutput();
        assertEnds(pair.client(), "[connected oshut local=" + local + " remote=" + remote + "]");
        pair.client().shutdownInput();
        assertEnds(pair.client(), "[connected ishut oshut local=" + local + " remote=" + remote + "]");
        pair.close();
        assertEnds(pair.client(), "[closed]");
    }

    private static void assertEnds(SocketChannel channel, String ending) {
        assertTrue(channel.toString().endsWith(ending), () -> channel + " should end with " + ending);
    }
}
