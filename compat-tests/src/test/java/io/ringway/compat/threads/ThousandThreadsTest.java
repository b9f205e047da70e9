package io.ringway.compat.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual threads by the thousand in blocking calls: the two carriers stay free, and every way to end a call does. */
@TimeLimit(120)
class ThousandThreadsTest {
    private static final int PAIRS = 500;
    private static final int LARGE = 20_000_000;

    private final List<TcpPair> pairs = new ArrayList<>();
    private final List<Background<?>> blocked = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (TcpPair pair : pairs) {
            pair.close();
        }
        blocked.forEach(Background::close);
    }

    private void openPairs(int count) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < count; i++) {
                pairs.add(TcpPair.open(listener, Loopback.IPV4));
            }
        }
    }

    /** All wait, and yet other virtual threads run, and exchange messages. */
    private void awaitBlocked() throws Exception {
        Await.until(
                "all threads wait",
                () -> blocked.stream().allMatch(b -> b.thread().getState() == Thread.State.WAITING));
        try (TcpPair other = TcpPair.open()) {
            List<Background<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(Background.startVirtual(() -> 7));
            }
            for (Background<Integer> o : others) {
                assertEquals(7, o.result());
            }
            try (Background<String> reader = Background.startVirtual(() -> Io.read(other.server(), 5));
                    Background<?> writer = Background.startVirtual(() -> {
                        Io.write(other.client(), "hello");
                        return 0;
                    })) {
                writer.result();
                assertEquals("hello", reader.result());
            }
        }
    }

    @Test
    void readsEndByDataCloseShutdownAndInterrupt() throws Exception {
        openPairs(PAIRS);
        List<Background<Integer>> clients = new ArrayList<>();
        List<Background<Integer>> servers = new ArrayList<>();
        for (TcpPair pair : pairs) {
            clients.add(Background.startVirtual(() -> pair.client().read(ByteBuffer.allocate(1))));
            servers.add(Background.startVirtual(() -> pair.server().read(ByteBuffer.allocate(1))));
        }
        blocked.addAll(clients);
        blocked.addAll(servers);
        awaitBlocked();
        for (int i = 0; i < PAIRS; i++) {
            endReads(i, pairs.get(i), clients.get(i), servers.get(i));
        }
    }

    private static void endReads(int i, TcpPair pair, Background<Integer> client, Background<Integer> server)
            throws Exception {
        switch (i % 4) {
            case 0 -> {
                Io.write(pair.client(), "x");
                assertEquals(1, server.result());
                Io.write(pair.server(), "x");
                assertEquals(1, client.result());
            }
            case 1 -> {
                pair.client().close();
                client.failure(AsynchronousCloseException.class);
                assertEquals(-1, server.result());
            }
            case 2 -> {
                pair.client().shutdownInput();
                assertEquals(-1, client.result());
                pair.client().shutdownOutput();
                assertEquals(-1, server.result());
            }
            default -> {
                client.thread().interrupt();
                client.failure(ClosedByInterruptException.class);
                assertEquals(-1, server.result());
            }
        }
    }

    @Test
    void acceptsEndByConnectionInterruptAndClose() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 200)) {
            List<Background<SocketChannel>> acceptors = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                acceptors.add(Background.startVirtual(listener::accept));
            }
            blocked.addAll(acceptors);
            awaitBlocked();
            for (int i = 0; i < 100; i++) {
                try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
                    long wanted = i + 1L;
                    Await.until("an accept", () -> done(acceptors) >= wanted);
                }
            }
            listener.close();
            int failed = 0;
            for (Background<SocketChannel> acceptor : acceptors) {
                Await.until("the end of an accept", acceptor::isDone);
                try {
                    acceptor.result().close();
                } catch (AssertionError e) {
                    assertEquals(true, e.getCause() instanceof ClosedChannelException, e::toString);
                    failed++;
                }
            }
            assertEquals(900, failed);
        }
    }

    private static long done(List<Background<SocketChannel>> all) {
        return all.stream().filter(Background::isDone).count();
    }

    @Test
    void connectsEndByCloseAndInterrupt() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        try (FullListener listener = FullListener.open()) {
            List<Background<Boolean>> connects = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                connects.add(Background.startVirtual(() -> channel.connect(listener.address())));
            }
            blocked.addAll(connects);
            Await.until("all connects pend", () -> channels.stream().allMatch(SocketChannel::isConnectionPending));
            awaitBlocked();
            for (int i = 0; i < 200; i++) {
                if (i % 2 == 0) {
                    channels.get(i).close();
                    connects.get(i).failure(AsynchronousCloseException.class);
                } else {
                    connects.get(i).thread().interrupt();
                    connects.get(i).failure(ClosedByInterruptException.class);
                }
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void writesEndByReadingCloseResetAndInterrupt() throws Exception {
        openPairs(16);
        List<Background<Integer>> writers = new ArrayList<>();
        for (TcpPair pair : pairs) {
            writers.add(Background.startVirtual(() -> {
                ByteBuffer all = ByteBuffer.allocate(LARGE);
                while (all.hasRemaining()) {
                    pair.client().write(all);
                }
                pair.client().close();
                return all.position();
            }));
        }
        blocked.addAll(writers);
        awaitBlocked();
        for (int i = 0; i < pairs.size(); i++) {
            TcpPair pair = pairs.get(i);
            Background<Integer> writer = writers.get(i);
            switch (i % 4) {
                case 0 -> {
                    assertEquals(LARGE, Io.countToEnd(pair.server()));
                    assertEquals(LARGE, writer.result());
                }
                case 1 -> {
                    pair.client().close();
                    writer.failure(ClosedChannelException.class);
                }
                case 2 -> {
                    pair.server().close();
                    writer.failure(IOException.class);
                }
                default -> {
                    writer.thread().interrupt();
                    writer.failure(ClosedChannelException.class);
                }
            }
        }
    }
}
