package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels of UNIX-domain sockets. */
class UnixDomainTest {
    @TempDir
    private Path directory;

    private UnixDomainSocketAddress address;
    private ServerSocketChannel listener;

    @BeforeEach
    void open() throws IOException {
        address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private TcpPair connect() throws IOException {
        SocketChannel client = SocketChannel.open(address);
        return new TcpPair(client, listener.accept());
    }

    @Test
    void theTwoEndsExchangeMegabytes() throws Exception {
        try (TcpPair pair = connect();
                Background<@Nullable Void> writer = Background.run(() -> {
                    Io.write(pair.client(), new SeededBytes(1).next(3_000_000));
                    pair.client().shutdownOutput();
                })) {
            byte[] all = Io.readToEnd(pair.server());
            assertEquals(3_000_000, all.length);
            new SeededBytes(1).check(ByteBuffer.wrap(all));
            writer.result();
        }
    }

    @Test
    void addressesAreThePathAndTheUnnamed() throws Exception {
        assertEquals(address, listener.getLocalAddress());
        try (TcpPair pair = connect()) {
            assertEquals(address, pair.client().getRemoteAddress());
            assertEquals(address, pair.server().getLocalAddress());
            assertEquals("", pair.client().getLocalAddress().toString());
        }
    }

    @Test
    void aSelectorShowsAcceptReadAndWriteReadiness() throws Exception {
        listener.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey acceptable = listener.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(0, selector.selectNow());
            try (SocketChannel client = SocketChannel.open(address)) {
                assertEquals(1, selector.select(10_000));
                assertTrue(acceptable.isAcceptable());
                assertSame(listener, acceptable.channel());
                try (SocketChannel server = listener.accept()) {
                    server.configureBlocking(false);
                    SelectionKey key = server.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    selector.selectedKeys().clear();
                    assertEquals(1, selector.select(10_000));
                    assertEquals(SelectionKey.OP_WRITE, key.readyOps());
                    assertNull(listener.accept());
                    Io.write(client, "x");
                    key.interestOps(SelectionKey.OP_READ);
                    selector.selectedKeys().clear();
                    assertEquals(1, selector.select(10_000));
                    assertEquals("x", Io.read(server, 1));
                }
            }
        }
    }

    @Test
    void closeEndsBlockedCalls() throws Exception {
        try (TcpPair pair = connect();
                Background<Integer> reader =
                        Background.start(() -> pair.client().read(ByteBuffer.allocate(1)));
                Background<SocketChannel> accept = Background.startVirtual(listener::accept)) {
            reader.awaitInside("read");
            accept.awaitInside("accept");
            pair.client().close();
            listener.close();
            reader.failure(AsynchronousCloseException.class);
            accept.failure(AsynchronousCloseException.class);
        }
    }

    @Test
    void wrongAddressesAndMissingListenersAreRefused() throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThrows(UnsupportedAddressTypeException.class, () -> channel.connect(Loopback.refusing()));
            assertThrows(UnsupportedAddressTypeException.class, () -> server.bind(Loopback.anyPort()));
            assertThrows(BindException.class, () -> server.bind(address));
            UnixDomainSocketAddress missing = UnixDomainSocketAddress.of(directory.resolve("missing"));
            assertThrows(SocketException.class, () -> channel.connect(missing));
            assertFalse(channel.isOpen());
        }
    }

    @Test
    void optionsOfTcpAreNotSupported() throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertTrue(channel.supportedOptions().contains(StandardSocketOptions.SO_SNDBUF));
            assertFalse(channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
            assertThrows(
                    UnsupportedOperationException.class, () -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }
}
