package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocking channels in virtual threads, which share a few carriers: a blocked call may not hold on to its carrier. */
class VirtualThreadTest {
    private static final int THREADS = 1000;

    @Tag("smoke")
    @TimeLimit(60)
    @Test
    void aThousandThreadsEchoWithOneServer() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 2000);
                Background<@Nullable Void> acceptor = Background.startVirtual(() -> {
                    for (int i = 0; i < THREADS; i++) {
                        SocketChannel server = listener.accept();
                        Thread.startVirtualThread(() -> echo(server));
                    }
                    return null;
                })) {
            CountDownLatch connected = new CountDownLatch(THREADS);
            List<Background<Long>> clients = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                clients.add(Background.startVirtual(() -> talk(listener, seed, connected)));
            }
            long total = 0;
            for (Background<Long> client : clients) {
                total += client.result();
            }
            assertEquals(THREADS * 20L * 100, total);
            acceptor.result();
        }
    }

    /** Waits until all are connected, so that a thousand connections are open at once, then exchanges messages. */
    private static long talk(ServerSocketChannel listener, int seed, CountDownLatch connected) throws Exception {
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            connected.countDown();
            assertTrue(connected.await(30, TimeUnit.SECONDS));
            SeededBytes sent = new SeededBytes(seed);
            SeededBytes received = new SeededBytes(seed);
            for (int i = 0; i < 20; i++) {
                Io.write(client, sent.next(100));
                ByteBuffer answer = ByteBuffer.allocate(100);
                Io.fill(client, answer);
                received.check(answer.flip());
            }
            return received.position();
        }
    }

    private static void echo(SocketChannel server) {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        try (server) {
            while (server.read(buffer.clear()) >= 0) {
                Io.write(server, buffer.flip());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void threadsBlockedInReadLeaveTheCarriersToOthers() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        List<Background<String>> readers = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < 50; i++) {
                TcpPair pair = TcpPair.open(listener, Loopback.IPV4);
                pairs.add(pair);
                readers.add(Background.startVirtual(() -> Io.read(pair.server(), 4)));
            }
            for (Background<String> reader : readers) {
                reader.awaitInside("read");
            }
            assertEquals(7, Background.startVirtual(() -> 7).result());
            for (int i = 49; i >= 0; i--) {
                Io.write(pairs.get(i).client(), "wake");
                assertEquals("wake", readers.get(i).result());
            }
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void threadsBlockedInWriteAndAcceptLeaveTheCarriersToOthers() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair first = TcpPair.open();
                TcpPair second = TcpPair.open();
                TcpPair third = TcpPair.open()) {
            List<Background<?>> blocked = new ArrayList<>();
            for (TcpPair pair : List.of(first, second, third)) {
                blocked.add(Background.startVirtual(() -> {
                    Io.write(pair.client(), ByteBuffer.allocate(20_000_000));
                    pair.client().shutdownOutput();
                    return null;
                }));
                blocked.getLast().awaitInside("write");
            }
            Background<SocketChannel> accept = Background.startVirtual(listener::accept);
            accept.awaitInside("accept");
            assertEquals(7, Background.startVirtual(() -> 7).result());
            for (TcpPair pair : List.of(first, second, third)) {
                assertEquals(20_000_000, Io.countToEnd(pair.server()));
            }
            for (Background<?> writer : blocked) {
                writer.result();
            }
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel server = accept.result()) {
                Io.pingPong(new TcpPair(client, server));
            }
        }
    }

    @Test
    void closingEndsAHundredBlockedReads() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        List<Background<Integer>> readers = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < 100; i++) {
                TcpPair pair = TcpPair.open(listener, Loopback.IPV4);
                pairs.add(pair);
                readers.add(Background.startVirtual(() -> pair.client().read(ByteBuffer.allocate(1))));
            }
            for (int i = 0; i < 100; i++) {
                readers.get(i).awaitInside("read");
                pairs.get(i).client().close();
                readers.get(i).failure(AsynchronousCloseException.class);
            }
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void streamsOfTheAdaptorsWorkInVirtualThreads() throws Exception {
        int total = 3_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.startVirtual(() -> {
                    OutputStream out = pair.client().socket().getOutputStream();
                    out.write(new SeededBytes(1).next(total).array());
                    pair.client().socket().shutdownOutput();
                    return null;
                });
                Background<byte[]> reader = Background.startVirtual(
                        () -> pair.server().socket().getInputStream().readAllBytes())) {
            byte[] all = reader.result();
            assertEquals(total, all.length);
            new SeededBytes(1).check(ByteBuffer.wrap(all));
            writer.result();
        }
    }

    @Test
    void aStreamReadTimesOutInAVirtualThread() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().socket().setSoTimeout(50);
            InputStream in = pair.server().socket().getInputStream();
            try (Background<Integer> reader = Background.startVirtual(in::read)) {
                reader.failure(SocketTimeoutException.class);
            }
            Io.write(pair.client(), "x");
            assertEquals('x', Background.startVirtual(in::read).result());
        }
    }

    @Test
    void platformAndVirtualThreadsShareAConnection() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            for (int i = 0; i < 20; i++) {
                try (Background<String> reader = i % 2 == 0
                        ? Background.startVirtual(() -> Io.read(pair.server(), 5))
                        : Background.start(() -> Io.read(pair.server(), 5))) {
                    Io.write(pair.client(), "turn" + i % 10);
                    assertEquals("turn" + i % 10, reader.result());
                }
            }
        }
    }
}
