package io.ringway.compat.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.ProviderUnderTest;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process or both are suspended for seconds: flow control holds, and all bytes arrive once they go on. */
class StoppedPeerTest {
    /** Longer than what connecting by the fabric waits for a peer; the kernel has no such time. */
    private static final long PAUSE =
            TimeUnit.MILLISECONDS.toNanos(ProviderUnderTest.current().accelerates() ? 1_300 : 400);

    private static final long AT_MOST = 64_000_000;

    @Test
    void aStoppedReaderStopsItsWriterAndLosesNothing() throws Exception {
        int total = 30_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.start(Receiver.class, "127.0.0.1", port);
                    SocketChannel channel = listener.accept()) {
                child.expect("connected");
                channel.configureBlocking(false);
                SeededBytes bytes = new SeededBytes(Child.SEED);
                ByteBuffer out = bytes.next(64 * 1024);
                channel.write(out);
                child.suspend();
                long resumeAt = System.nanoTime() + PAUSE;
                while (System.nanoTime() < resumeAt) {
                    if (!out.hasRemaining() && bytes.position() < AT_MOST) {
                        out = bytes.next(64 * 1024);
                    }
                    channel.write(out);
                    Thread.onSpinWait();
                }
                assertTrue(bytes.position() < AT_MOST, "the writer wasn't stopped");
                child.resume();
                channel.configureBlocking(true);
                Io.write(channel, out);
                while (bytes.position() < total) {
                    Io.write(channel, bytes.next((int) Math.min(100_000, total - bytes.position())));
                }
                channel.shutdownOutput();
                assertEquals(bytes.position(), child.readNumber("received"));
            }
        }
    }

    @Test
    void aStoppedSenderGoesOnWhereItStopped() throws Exception {
        int total = 30_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.start(Sender.class, "127.0.0.1", port, total, Sender.Ending.CLOSE);
                    SocketChannel channel = listener.accept()) {
                child.expect("connected");
                child.suspend();
                SeededBytes received = new SeededBytes(Child.SEED);
                try (Background<@Nullable Void> reader = Background.run(() -> {
                    ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
                    while (channel.read(in.clear()) >= 0) {
                        received.check(in.flip());
                    }
                })) {
                    pause();
                    child.resume();
                    reader.result();
                }
                assertEquals(total, received.position());
            }
        }
    }

    @Test
    void connectingToAStoppedServerIsServedOnceItGoesOn() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            child.suspend();
            try (SocketChannel channel = SocketChannel.open(address)) {
                assertTrue(channel.isConnected(), "the kernel completes the connection by itself");
                Io.write(channel, "patience");
                pause();
                child.resume();
                assertEquals("patience", Io.read(channel, 8));
            }
        }
    }

    @TimeLimit(90)
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWholePairIsStoppedInTheMiddleOfAStream(boolean clientFirst) throws Exception {
        long total = 300_000_000;
        try (ChildJvm server = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            long port = server.readNumber("port");
            try (ChildJvm client = ChildJvm.start(EchoClient.class, "127.0.0.1", port, total)) {
                client.expect("connected");
                client.expect("under way");
                ChildJvm first = clientFirst ? client : server;
                ChildJvm second = clientFirst ? server : client;
                first.suspend();
                second.suspend();
                pause();
                first.resume();
                second.resume();
                assertEquals(total, client.readNumber("echoed", 60));
            }
        }
    }

    @Test
    void aStoppedServersConnectionGoesOnBesideOneThatWasMadeMeanwhile() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoServer.class, Loopback.IPV4)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", (int) child.readNumber("port"));
            try (SocketChannel before = SocketChannel.open(address);
                    Selector selector = Selector.open()) {
                echo(before, "before");
                before.configureBlocking(false);
                before.register(selector, SelectionKey.OP_READ);
                child.suspend();
                Io.write(before, "during");
                try (SocketChannel meanwhile = SocketChannel.open(address)) {
                    Io.write(meanwhile, "meanwhile");
                    assertEquals(0, selector.select(TimeUnit.NANOSECONDS.toMillis(PAUSE)));
                    child.resume();
                    assertEquals(1, selector.select(TimeUnit.SECONDS.toMillis(10)));
                    assertEquals("during", Io.read(before, 6));
                    assertEquals("meanwhile", Io.read(meanwhile, 9));
                }
                try (SocketChannel after = SocketChannel.open(address)) {
                    echo(after, "after");
                }
            }
        }
    }

    @Test
    void aSelectorThatWasStoppedInItsTimeOutReturnsAndIsWokenLater() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.start(SelectingPeer.class, "127.0.0.1", port, 300);
                    SocketChannel channel = listener.accept()) {
                child.expect("connected");
                assertEquals(0, child.readNumber("selected"));
                child.suspend();
                pause();
                child.resume();
                // The one that was stopped, and one that came after it.
                assertEquals(0, child.readNumber("selected"));
                assertEquals(0, child.readNumber("selected"));
                child.suspend();
                Io.write(channel, "w");
                child.resume();
                long selected = child.readNumber("selected");
                while (selected == 0) {
                    selected = child.readNumber("selected");
                }
                assertEquals(1, selected);
            }
        }
    }

    private static void echo(SocketChannel channel, String text) throws Exception {
        Io.write(channel, text);
        assertEquals(text, Io.read(channel, text.length()));
    }

    /** The length of the stop itself, during which nothing can be waited for. */
    private static void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(PAUSE);
    }
}
