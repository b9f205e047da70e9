package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.PathReason;
import io.ringway.Settings;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Channels of ours in a selector of the JDK's. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForeignSelectorTest {
    private static final int WAIT = 20_000;
    /** More than a connection accepts. */
    private static final long MOST_ACCEPTED = 64L << 20;

    @TempDir
    static Path directory;

    private static ChannelFactory channels;

    private Selector foreign;
    private ServerSocketChannel listener;

    private static synchronized ChannelFactory channels() {
        if (channels == null) {
            Properties given = new Properties();
            given.setProperty(
                    "ringway.fabric.directory", directory.resolve("fabric").toString());
            given.setProperty("ringway.quiet", "true");
            channels = new ChannelFactory(KernelProvider.JDK, Settings.of(given));
        }
        return channels;
    }

    @BeforeEach
    void open() throws Exception {
        foreign = KernelProvider.JDK.openSelector();
        listener = channels().openServerSocketChannel().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    @AfterEach
    void close() throws Exception {
        foreign.close();
        listener.close();
    }

    private SocketChannel connect() throws Exception {
        SocketChannel client = channels().openSocketChannel();
        client.connect(listener.getLocalAddress());
        return client;
    }

    private static PathReason reason(SocketChannel channel) {
        return assertInstanceOf(RingwaySocketChannel.class, channel).path().reason();
    }

    @Test
    void anAcceleratedChannelIsReadyWhenItsConnectionIs() throws Exception {
        try (SocketChannel client = connect();
                SocketChannel server = listener.accept()) {
            assertEquals(PathReason.FABRIC, reason(client));
            assertEquals(PathReason.FABRIC, reason(server));
            server.configureBlocking(false);
            SelectionKey key = server.register(foreign, SelectionKey.OP_READ);
            assertSame(server, key.channel());
            assertEquals(0, foreign.selectNow());
            client.write(ByteBuffer.wrap(new byte[10]));
            assertEquals(1, foreign.select(WAIT));
            assertTrue(key.isReadable());
            foreign.selectedKeys().clear();
            assertEquals(1, foreign.select(WAIT), "still ready");
            foreign.selectedKeys().clear();
            assertEquals(10, server.read(ByteBuffer.allocate(100)));
            assertEquals(0, foreign.select(50));
            client.write(ByteBuffer.wrap(new byte[1]));
            assertEquals(1, foreign.select(WAIT));
        }
    }

    @Test
    void writeReadinessComesAndGoes() throws Exception {
        try (SocketChannel client = connect();
                SocketChannel server = listener.accept()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(foreign, SelectionKey.OP_WRITE);
            assertEquals(1, foreign.select(WAIT));
            assertTrue(key.isWritable());
            ByteBuffer chunk = ByteBuffer.allocate(100_000);
            long unread = 0;
            // A write that finds the stack owned may take nothing although there is room.
            do {
                for (int n = client.write(chunk.clear()); n > 0; n = client.write(chunk.clear())) {
                    unread += n;
                }
                foreign.selectedKeys().clear();
                assertTrue(unread < MOST_ACCEPTED);
            } while (foreign.select(50) != 0);
            ByteBuffer all = ByteBuffer.allocate(1 << 20);
            while (unread > 100_000) {
                unread -= server.read(all.clear());
            }
            assertEquals(1, foreign.select(WAIT));
            assertTrue(key.isWritable());
        }
    }

    @Test
    void aHangUpReplacesTheReadySetOfASelectedKey() throws Exception {
        try (SocketChannel client = connect()) {
            SocketChannel server = listener.accept();
            client.configureBlocking(false);
            SelectionKey key = client.register(foreign, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertEquals(1, foreign.select(WAIT));
            assertEquals(SelectionKey.OP_WRITE, key.readyOps());
            key.interestOps(SelectionKey.OP_READ);
            server.setOption(StandardSocketOptions.SO_LINGER, 0);
            server.close();
            awaitReady(SelectionKey.OP_READ, key);
            key.interestOps(SelectionKey.OP_CONNECT);
            awaitReady(SelectionKey.OP_CONNECT, key);
        }
    }

    private void awaitReady(int ops, SelectionKey key) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT);
        while (key.readyOps() != ops && System.nanoTime() < end) {
            foreign.select(10);
        }
        assertEquals(ops, key.readyOps());
    }

    @Test
    void closingARegisteredChannelLeavesTheSelectorSound() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (SocketChannel client = connect()) {
                SocketChannel server = listener.accept();
                server.configureBlocking(false);
                SelectionKey key = server.register(foreign, SelectionKey.OP_READ);
                client.write(ByteBuffer.wrap(new byte[1]));
                assertEquals(1, foreign.select(WAIT));
                foreign.selectedKeys().clear();
                server.close();
                assertFalse(key.isValid());
                assertEquals(0, foreign.selectNow());
                assertTrue(foreign.keys().isEmpty());
            }
        }
    }

    @Test
    void aChannelRegisteredBeforeItsConnectGoesOverTheKernel() throws Exception {
        try (SocketChannel client = channels().openSocketChannel()) {
            client.configureBlocking(false);
            SelectionKey key = client.register(foreign, SelectionKey.OP_CONNECT);
            if (!client.connect(listener.getLocalAddress())) {
                assertEquals(1, foreign.select(WAIT));
                assertTrue(key.isConnectable());
                assertTrue(client.finishConnect());
            }
            assertEquals(PathReason.FOREIGN_SELECTOR, reason(client));
            try (SocketChannel server = listener.accept()) {
                assertEquals(PathReason.ACCEPTED_FROM_KERNEL, reason(server));
                key.interestOps(SelectionKey.OP_READ);
                server.write(ByteBuffer.wrap(new byte[3]));
                assertEquals(1, foreign.select(WAIT));
                assertEquals(3, client.read(ByteBuffer.allocate(9)));
            }
        }
    }

    @Test
    void aServerChannelAcceptsFromTheKernelOnly() throws Exception {
        listener.configureBlocking(false);
        listener.register(foreign, SelectionKey.OP_ACCEPT);
        foreign.selectNow();
        try (SocketChannel client = connect()) {
            assertFalse(reason(client).accelerated());
            assertEquals(1, foreign.select(WAIT));
            try (SocketChannel server = listener.accept()) {
                assertEquals(PathReason.ACCEPTED_FROM_KERNEL, reason(server));
            }
        }
    }

    @Test
    void aClosedServerChannelRefusesOptionsWhileTheSelectorStillHasIt() throws Exception {
        listener.configureBlocking(false);
        listener.register(foreign, SelectionKey.OP_ACCEPT);
        foreign.selectNow();
        listener.close();
        SocketOption<Integer> size = StandardSocketOptions.SO_RCVBUF;
        assertThrows(ClosedChannelException.class, () -> listener.getOption(size));
        assertThrows(ClosedChannelException.class, () -> listener.setOption(size, 10_000));
        foreign.selectNow();
        assertFalse(listener.isRegistered());
    }

    @Test
    void aChannelMayBeInSelectorsOfBothKinds() throws Exception {
        try (SocketChannel client = connect();
                SocketChannel server = listener.accept();
                Selector own = channels().openSelector()) {
            server.configureBlocking(false);
            server.register(foreign, SelectionKey.OP_READ);
            server.register(own, SelectionKey.OP_READ);
            client.write(ByteBuffer.wrap(new byte[1]));
            assertEquals(1, own.select(WAIT));
            assertEquals(1, foreign.select(WAIT));
        }
    }

    @Test
    void aPipeIsReadyAtBothEnds() throws Exception {
        Pipe pipe = channels().openPipe();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            sink.configureBlocking(false);
            SelectionKey readable = source.register(foreign, SelectionKey.OP_READ);
            assertEquals(0, foreign.selectNow());
            sink.write(ByteBuffer.allocate(3));
            assertEquals(1, foreign.select(WAIT));
            assertTrue(readable.isReadable());
            foreign.selectedKeys().clear();
            assertEquals(1, foreign.select(WAIT));
            assertEquals(3, source.read(ByteBuffer.allocate(10)));
            foreign.selectedKeys().clear();
            assertEquals(0, foreign.selectNow());
            SelectionKey writable = sink.register(foreign, SelectionKey.OP_WRITE);
            assertEquals(1, foreign.select(WAIT));
            assertTrue(writable.isWritable());
            writable.cancel();
            foreign.selectedKeys().clear();
            sink.close();
            assertEquals(1, foreign.select(WAIT));
            assertEquals(-1, source.read(ByteBuffer.allocate(1)));
        }
        foreign.selectNow();
        assertEquals(0, foreign.keys().size());
    }
}
