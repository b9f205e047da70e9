package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ManyChannelsTest {
    @Test
    void ofAThousandRegisteredChannelsTheActiveOneIsSelected() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < 1000; i++) {
                TcpPair pair = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                pairs.add(pair);
                pair.server().register(selector, SelectionKey.OP_READ, i);
            }
            assertEquals(1000, selector.keys().size());
            assertEquals(0, selector.selectNow());
            for (int i : new int[] {0, 999, 500, 1, 998}) {
                for (int k = 0; k < 20; k++) {
                    Io.write(pairs.get(i).client(), "x");
                    assertEquals(1, selector.select(10_000));
                    SelectionKey key = selector.selectedKeys().iterator().next();
                    assertEquals(i, key.attachment());
                    assertEquals(1, ((SocketChannel) key.channel()).read(ByteBuffer.allocate(2)));
                    selector.selectedKeys().clear();
                }
            }
            assertEquals(0, selector.selectNow());
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void allOfFiveHundredChannelsAreSelectedWhenAllAreReady() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            for (int i = 0; i < 500; i++) {
                TcpPair pair = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                pairs.add(pair);
                pair.server().register(selector, SelectionKey.OP_READ);
                Io.write(pair.client(), "x");
            }
            Await.until("all are selected", () -> {
                selector.select(100);
                return selector.selectedKeys().size() == 500;
            });
            for (TcpPair pair : pairs) {
                pair.client().close();
            }
            selector.selectedKeys().clear();
            Await.until("all are selected again", () -> {
                selector.select(100);
                return selector.selectedKeys().size() == 500;
            });
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    /** A boss accepts; workers, each with its own selector and thread, echo. */
    @Test
    void channelsAcceptedByABossAreServedByTheSelectorsOfWorkers() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Worker first = new Worker();
                Worker second = new Worker();
                Background<@Nullable Void> boss = Background.run(() -> {
                    for (int i = 0; i < 40; i++) {
                        (i % 2 == 0 ? first : second).adopt(listener.accept());
                    }
                })) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                clients.add(client);
                Io.write(client, "before the move");
            }
            boss.result();
            for (SocketChannel client : clients) {
                assertEquals("before the move", Io.read(client, 15));
                for (int i = 0; i < 10; i++) {
                    Io.write(client, "after the move");
                    assertEquals("after the move", Io.read(client, 14));
                }
                client.close();
            }
        }
    }

    /** An event loop that echoes. */
    private static final class Worker implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final ConcurrentLinkedQueue<SocketChannel> adopted = new ConcurrentLinkedQueue<>();
        private final Background<@Nullable Void> loop = Background.run(this::run);

        Worker() throws IOException {}

        void adopt(SocketChannel channel) {
            adopted.add(channel);
            selector.wakeup();
        }

        private void run() throws Exception {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            while (selector.isOpen()) {
                selector.select(key -> echo(key, buffer));
                for (SocketChannel next = adopted.poll(); next != null; next = adopted.poll()) {
                    next.configureBlocking(false);
                    next.register(selector, SelectionKey.OP_READ);
                }
            }
        }

        private static void echo(SelectionKey key, ByteBuffer buffer) {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (channel.read(buffer.clear()) < 0) {
                    channel.close();
                } else {
                    Io.write(channel, buffer.flip());
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            selector.close();
            loop.close();
        }
    }

    @Test
    void aChannelMovesBetweenSelectorsInTheMiddleOfAStream() throws Exception {
        int messages = 200;
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                Selector first = Selector.open();
                Selector second = Selector.open();
                Background<@Nullable Void> writer = Background.run(() -> {
                    for (int i = 0; i < messages; i++) {
                        Io.write(pair.client(), "%06d".formatted(i));
                    }
                })) {
            for (int i = 0; i < messages; i++) {
                Selector selector = i % 2 == 0 ? first : second;
                SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
                assertEquals(1, selector.select(10_000));
                assertSame(key, selector.selectedKeys().iterator().next());
                assertEquals("%06d".formatted(i), Io.read(pair.server(), 6));
                key.cancel();
                selector.selectNow();
            }
            writer.result();
        }
    }

    @Test
    void aThousandSelectorsAreOpenedUsedAndClosed() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            for (int i = 0; i < 1000; i++) {
                try (Selector selector = Selector.open()) {
                    pair.client().register(selector, SelectionKey.OP_WRITE);
                    assertEquals(1, selector.selectNow());
                }
            }
            assertTrue(pair.client().isOpen());
        }
    }
}
