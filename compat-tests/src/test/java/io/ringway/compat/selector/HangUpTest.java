package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ready sets of what has hung up. The JDK takes a hang-up or an error as readiness for exactly what is wanted, also where
 * the key is selected already and its ready set would otherwise only grow.
 */
class HangUpTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;

    private Selector selector;

    @BeforeEach
    void open() throws Exception {
        selector = Selector.open();
    }

    @AfterEach
    void close() throws Exception {
        selector.close();
    }

    /** A key that is selected as writable, and from now on wants to read. */
    private SelectionKey selectedAsWritable(SelectableChannel channel) throws Exception {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, READ | WRITE);
        assertEquals(1, selector.select(10_000));
        assertEquals(WRITE, key.readyOps());
        return key.interestOps(READ);
    }

    private void awaitReady(int ops, SelectionKey key) throws Exception {
        Await.until("ready is " + ops, () -> {
            selector.selectNow();
            return key.readyOps() == ops;
        });
    }

    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Test
    void aResetReplacesWhatWasReady() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SelectionKey key = selectedAsWritable(pair.client());
            reset(pair.server());
            awaitReady(READ, key);
            key.interestOps(CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(CONNECT, key.readyOps());
            key.interestOps(READ | WRITE | CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(READ | WRITE | CONNECT, key.readyOps());
            assertEquals(0, selector.selectNow(), "nothing new");
        }
    }

    @Test
    void theEndOfBothDirectionsReplacesWhatWasReady() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SelectionKey key = selectedAsWritable(pair.client());
            pair.client().shutdownOutput();
            pair.server().shutdownOutput();
            awaitReady(READ, key);
        }
    }

    @Test
    void theEndOfOneDirectionAddsToWhatWasReady() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SelectionKey key = selectedAsWritable(pair.client());
            pair.server().shutdownOutput();
            awaitReady(READ | WRITE, key);
        }
    }

    @Test
    void aChannelShutInBothDirectionsIsReadyForEverythingWanted() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().shutdownInput().shutdownOutput();
            pair.client().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(CONNECT, key.readyOps());
            key.interestOps(READ | CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(READ | CONNECT, key.readyOps());
        }
    }

    @Test
    void unreadDataDoNotHideTheEndOfBothDirections() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.server(), "unread");
            pair.server().shutdownOutput();
            pair.client().shutdownOutput().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, CONNECT);
            awaitReady(CONNECT, key);
            assertEquals("unread", Io.read(pair.client(), 6));
        }
    }

    @Test
    void aChannelShutForInputIsReadableAndNotHungUp() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().shutdownInput().configureBlocking(false);
            SelectionKey key = pair.client().register(selector, READ | WRITE | CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(READ | WRITE, key.readyOps());
        }
    }

    @Test
    void aChannelThatIsNotConnectedHasHungUp() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, READ | WRITE);
            assertEquals(1, selector.selectNow());
            assertEquals(READ | WRITE, key.readyOps());
            key.interestOps(CONNECT);
            assertEquals(1, selector.selectNow());
            assertEquals(CONNECT, key.readyOps());
        }
    }

    @Test
    void aServerSocketThatIsNotBoundHasHungUp() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(1, selector.selectNow());
            assertTrue(key.isAcceptable());
            channel.bind(Loopback.anyPort());
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {READ, WRITE, READ | WRITE, CONNECT})
    void aRefusedConnectIsReadyForEverythingWanted(int interest) throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, interest);
            try {
                channel.connect(Loopback.refusing());
            } catch (ConnectException e) {
                return;
            }
            awaitReady(interest, key);
            assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(ConnectException.class, channel::finishConnect);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {READ, WRITE, READ | WRITE, CONNECT})
    void aConnectThatWasResetIsReadyForEverythingWanted(int interest) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, interest);
            boolean connected = channel.connect(listener.getLocalAddress());
            reset(listener.accept());
            if (!connected) {
                awaitReady(interest, key);
            }
        }
    }

    @Test
    void withoutInterestAHangUpIsNoEvent() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SelectionKey key = selectedAsWritable(pair.client());
            reset(pair.server());
            awaitReady(READ, key);
            key.interestOps(0);
            assertEquals(0, selector.selectNow());
            assertEquals(READ, key.readyOps());
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
        }
    }

    @Test
    void anErrorOfADatagramReplacesWhatWasReady() throws Exception {
        SocketAddress nobody;
        try (DatagramChannel gone = DatagramChannel.open().bind(Loopback.anyPort())) {
            nobody = gone.getLocalAddress();
        }
        try (DatagramChannel channel = DatagramChannel.open().connect(nobody)) {
            SelectionKey key = selectedAsWritable(channel);
            channel.write(Io.bytes("x"));
            awaitReady(READ, key);
            assertThrows(PortUnreachableException.class, () -> channel.read(ByteBuffer.allocate(1)));
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
        }
    }

    @Test
    void theEndOfAUnixConnectionReplacesWhatWasReady(@TempDir Path directory) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
                SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            SocketChannel peer = listener.accept();
            SelectionKey key = selectedAsWritable(channel);
            peer.close();
            awaitReady(READ, key);
        }
    }
}
