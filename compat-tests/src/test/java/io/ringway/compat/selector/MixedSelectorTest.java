package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels of every kind in one selector. */
@Tag("smoke")
class MixedSelectorTest {
    @TempDir
    private Path directory;

    private Selector selector;
    private TcpPair tcp;
    private ServerSocketChannel listener;
    private TcpPair unix;
    private ServerSocketChannel unixListener;
    private DatagramChannel datagram;
    private Pipe pipe;
    private Socket kernelClient;
    private SocketChannel kernelPeer;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        tcp = TcpPair.open();
        listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        kernelClient =
                new Socket(Loopback.IPV4.connectAddress(), listener.socket().getLocalPort());
        kernelPeer = listener.accept();
        unixListener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
        SocketChannel unixClient = SocketChannel.open(unixListener.getLocalAddress());
        unix = new TcpPair(unixClient, unixListener.accept());
        datagram = DatagramChannel.open().bind(Loopback.anyPort());
        pipe = Pipe.open();
        register(tcp.server(), SelectionKey.OP_READ);
        register(listener, SelectionKey.OP_ACCEPT);
        register(kernelPeer, SelectionKey.OP_READ);
        register(unixListener, SelectionKey.OP_ACCEPT);
        register(unix.server(), SelectionKey.OP_READ);
        register(datagram, SelectionKey.OP_READ);
        register(pipe.source(), SelectionKey.OP_READ);
    }

    private void register(SelectableChannel channel, int interest) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, interest);
        assertSame(channel, key.channel());
    }

    @AfterEach
    void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        pipe.sink().close();
        tcp.close();
        unix.close();
        kernelClient.close();
    }

    @Test
    void eachKindIsSelectedAloneWhenItIsReady() throws Exception {
        assertEquals(7, selector.keys().size());
        assertEquals(0, selector.selectNow());
        for (int round = 0; round < 20; round++) {
            Io.write(tcp.client(), "t");
            assertSelectedAlone(tcp.server());
            assertEquals("t", Io.read(tcp.server(), 1));

            kernelClient.getOutputStream().write('k');
            assertSelectedAlone(kernelPeer);
            assertEquals("k", Io.read(kernelPeer, 1));

            Io.write(unix.client(), "u");
            assertSelectedAlone(unix.server());
            assertEquals("u", Io.read(unix.server(), 1));

            sendDatagram();
            assertSelectedAlone(datagram);
            assertNotNull(datagram.receive(ByteBuffer.allocate(10)));

            Io.write(pipe.sink(), "p");
            assertSelectedAlone(pipe.source());
            assertEquals("p", Io.read(pipe.source(), 1));

            assertAcceptable(listener, listener.getLocalAddress());
            assertAcceptable(unixListener, unixListener.getLocalAddress());
        }
        assertEquals(0, selector.selectNow());
    }

    private void sendDatagram() throws IOException {
        try (DatagramChannel sender = DatagramChannel.open()) {
            sender.send(Io.bytes("d"), datagram.getLocalAddress());
        }
    }

    private void assertAcceptable(ServerSocketChannel channel, SocketAddress address) throws Exception {
        try (SocketChannel client = SocketChannel.open(address)) {
            assertSelectedAlone(channel);
            channel.accept().close();
            assertTrue(client.isOpen());
        }
    }

    private void assertSelectedAlone(SelectableChannel channel) throws IOException {
        assertEquals(1, selector.select(10_000));
        SelectionKey key = selector.selectedKeys().iterator().next();
        assertSame(channel, key.channel());
        selector.selectedKeys().clear();
    }

    @Test
    void aBlockedSelectWakesForEveryKind() throws Exception {
        assertWakes(tcp.server(), () -> Io.write(tcp.client(), "t"));
        assertWakes(kernelPeer, () -> kernelClient.getOutputStream().write('k'));
        assertWakes(unix.server(), () -> Io.write(unix.client(), "u"));
        assertWakes(datagram, this::sendDatagram);
        assertWakes(pipe.source(), () -> Io.write(pipe.sink(), "p"));
    }

    private void assertWakes(SelectableChannel channel, Background.Action action) throws Exception {
        try (Background<Integer> select = Background.start(() -> selector.select())) {
            select.awaitInside("select");
            action.run();
            assertEquals(1, select.result());
        }
        assertSame(channel, selector.selectedKeys().iterator().next().channel());
        selector.selectedKeys().clear();
        channel.keyFor(selector).interestOps(0);
    }

    @Test
    void noKindStarvesAnother() throws Exception {
        tcp.client().configureBlocking(false);
        tcp.client().register(selector, SelectionKey.OP_WRITE);
        Io.write(tcp.client(), "always readable");
        kernelClient.getOutputStream().write('k');
        Io.write(pipe.sink(), "p");
        Await.until("the kernel's channels are selected beside a busy one", () -> {
            selector.select();
            return selector.selectedKeys().contains(kernelPeer.keyFor(selector))
                    && selector.selectedKeys().contains(pipe.source().keyFor(selector))
                    && selector.selectedKeys().contains(tcp.server().keyFor(selector))
                    && selector.selectedKeys().contains(tcp.client().keyFor(selector));
        });
    }

    @Test
    void channelsOfEveryKindAreClosedAndLeaveTheSelector() throws Exception {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            key.channel().close();
        }
        assertEquals(0, selector.selectNow());
        assertTrue(selector.keys().isEmpty());
    }
}
