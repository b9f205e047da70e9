package io.ringway.compat.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The peer's process is killed: the survivor sees what the kernel would show. */
class PeerDeathTest {
    private static final long ENDLESS = Long.MAX_VALUE;

    private ServerSocketChannel listener;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private ChildJvm startSender(long total) throws IOException {
        return ChildJvm.start(Sender.class, "127.0.0.1", port, total, Sender.Ending.STAY);
    }

    private ChildJvm startSilent() throws IOException {
        return ChildJvm.start(SilentPeer.class, "127.0.0.1", port);
    }

    @Test
    void afterAKillInTheMiddleOfAStreamTheRestIsReadThenTheEnd() throws Exception {
        try (ChildJvm child = startSender(ENDLESS);
                SocketChannel channel = listener.accept()) {
            SeededBytes received = new SeededBytes(Child.SEED);
            ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
            while (received.position() < 20_000_000) {
                assertTrue(channel.read(buffer.clear()) > 0);
                received.check(buffer.flip());
            }
            child.kill();
            while (channel.read(buffer.clear()) >= 0) {
                received.check(buffer.flip());
            }
            assertEquals(-1, channel.read(buffer.clear()));
        }
    }

    @Test
    void everythingThatWriteAcceptedIsReadAfterTheKill() throws Exception {
        int total = 3_000_000;
        try (ChildJvm child = startSender(total);
                SocketChannel channel = listener.accept()) {
            child.expect("connected");
            assertEquals(total, child.readNumber("sent"));
            child.kill();
            assertEquals(total, Child.receive(channel));
        }
    }

    @Test
    void aConnectionAcceptedAfterItsPeersDeathIsReadToTheEnd() throws Exception {
        int total = 1_000_000;
        try (ChildJvm child = startSender(total)) {
            child.expect("connected");
            assertEquals(total, child.readNumber("sent"));
            child.kill();
            try (SocketChannel channel = listener.accept()) {
                assertEquals(total, Child.receive(channel));
            }
        }
    }

    @Test
    void unreadDataInTheDeadProcessIsAReset() throws Exception {
        try (ChildJvm child = startSilent();
                SocketChannel channel = listener.accept()) {
            child.expect("connected");
            Io.write(channel, new SeededBytes(1).next(100_000));
            child.kill();
            assertEquals("Connection reset", Io.readUntilFailure(channel).getMessage());
        }
    }

    @Test
    void aBlockedReadEnds() throws Exception {
        try (ChildJvm child = startSilent();
                SocketChannel channel = listener.accept();
                Background<Integer> reader = Background.start(() -> channel.read(ByteBuffer.allocate(1)));
                Background<Integer> other = Background.startVirtual(() -> {
                    try (SocketChannel second = SocketChannel.open(listener.getLocalAddress());
                            SocketChannel accepted = listener.accept()) {
                        Io.write(second, "u");
                        return accepted.read(ByteBuffer.allocate(1));
                    }
                })) {
            child.expect("connected");
            reader.awaitInside("read");
            child.kill();
            assertEquals(-1, reader.result());
            assertEquals(1, other.result(), "another connection is not disturbed");
        }
    }

    @Test
    void aBlockedWriteFails() throws Exception {
        try (ChildJvm child = startSilent();
                SocketChannel channel = listener.accept();
                Background<Integer> writer = Background.start(() -> {
                    while (true) {
                        channel.write(ByteBuffer.allocate(1_000_000));
                    }
                })) {
            child.expect("connected");
            writer.awaitInside("write");
            child.kill();
            writer.failure(IOException.class);
            assertTrue(channel.isOpen());
        }
    }

    @Test
    void aSelectorShowsTheEnd() throws Exception {
        try (ChildJvm child = startSilent();
                SocketChannel channel = listener.accept();
                Selector selector = Selector.open()) {
            child.expect("connected");
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            try (Background<Integer> select = Background.start(() -> selector.select())) {
                select.awaitInside("select");
                child.kill();
                assertEquals(1, select.result());
            }
            assertTrue(key.isReadable());
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aDeadServersPortRefuses() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            try (SocketChannel channel = SocketChannel.open(address)) {
                Io.write(channel, "x");
                assertEquals("x", Io.read(channel, 1));
                child.kill();
                assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
            }
            assertThrows(ConnectException.class, () -> SocketChannel.open(address));
            try (ServerSocketChannel successor = ServerSocketChannel.open().bind(address);
                    SocketChannel client = SocketChannel.open(address);
                    SocketChannel accepted = successor.accept()) {
                assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
            }
        }
    }

    @Test
    void connectionsThatADeadServerNeverAcceptedAreReset() throws Exception {
        try (ChildJvm child = ChildJvm.start(SilentServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            try (SocketChannel silent = SocketChannel.open(address);
                    SocketChannel writing = SocketChannel.open(address)) {
                Io.write(writing, "unread");
                child.kill();
                assertEquals("Connection reset", Io.readUntilFailure(silent).getMessage());
                assertEquals("Connection reset", Io.readUntilFailure(writing).getMessage());
            }
        }
    }

    @Test
    void clientsConnectingWhileTheServerDiesSeeSuccessRefusalOrReset() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            AtomicInteger connections = new AtomicInteger();
            try (Background<@Nullable Void> clients = Background.run(() -> echoUntilRefused(address, connections))) {
                Await.until("some connections were made", () -> connections.get() > 10);
                child.kill();
                clients.result();
            }
        }
    }

    private static void echoUntilRefused(InetSocketAddress address, AtomicInteger connections) throws IOException {
        while (true) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                channel.write(Io.bytes("x"));
                channel.read(ByteBuffer.allocate(1));
                connections.incrementAndGet();
            } catch (ConnectException e) {
                return;
            } catch (SocketException e) {
                assertEquals("Connection reset", e.getMessage());
            }
        }
    }

    @Test
    void aClientKilledWhileItConnectsLeavesTheListenerSound() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (Background<@Nullable Void> acceptor = Background.run(() -> acceptUntil("end", accepted))) {
            for (int i = 1; i <= 5; i++) {
                int enough = i * 50;
                try (ChildJvm child = ChildJvm.start(Connector.class, "127.0.0.1", port)) {
                    Await.until("connections come", () -> accepted.get() >= enough);
                    child.kill();
                }
            }
            try (SocketChannel last = SocketChannel.open(listener.getLocalAddress())) {
                Io.write(last, "end");
                acceptor.result();
            }
        }
    }

    /** Accepts and reads connections to their end, until one brings that text. */
    private void acceptUntil(String text, AtomicInteger accepted) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        while (true) {
            try (SocketChannel channel = listener.accept()) {
                channel.read(buffer.clear());
                if (UTF_8.decode(buffer.flip()).toString().equals(text)) {
                    return;
                }
                accepted.incrementAndGet();
            }
        }
    }

    @Test
    void theDeathOfOnePeerLeavesTheOthersAlone() throws Exception {
        try (ChildJvm doomed = ChildJvm.start(EchoServer.class, Loopback.IPV4);
                ChildJvm survivor = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress doomedAddress = new InetSocketAddress("127.0.0.1", (int) doomed.readNumber("port"));
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) survivor.readNumber("port"));
            try (SocketChannel toDoomed = SocketChannel.open(doomedAddress);
                    SocketChannel channel = SocketChannel.open(address)) {
                Io.write(toDoomed, "x");
                assertEquals("x", Io.read(toDoomed, 1));
                for (int i = 0; i < 200; i++) {
                    Io.write(channel, "%04d".formatted(i));
                    assertEquals("%04d".formatted(i), Io.read(channel, 4));
                    if (i == 100) {
                        doomed.kill();
                    }
                }
                assertEquals(-1, toDoomed.read(ByteBuffer.allocate(1)));
            }
        }
    }
}
