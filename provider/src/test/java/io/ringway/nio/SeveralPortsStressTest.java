package io.ringway.nio;

import static io.ringway.nio.SeveralPorts.connect;
import static io.ringway.nio.SeveralPorts.guest;
import static io.ringway.nio.SeveralPorts.listen;
import static io.ringway.nio.SeveralPorts.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections over two ports that two event loops pass to each other all the time, while their clients, which block, check
 * every byte, and are silent now and then for long enough that the loops sleep.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeveralPortsStressTest {
    private static final int CLIENTS = 6;
    private static final long TIME = TimeUnit.SECONDS.toNanos(4);
    private static final int LARGEST = 200_000;
    /** One answer in this many sends the connection to the other loop. */
    private static final int PASS_EVERY = 5;

    @TempDir
    Path temporary;

    private final long seed = System.nanoTime();
    private volatile boolean over;

    /** One of the two. */
    private final class Loop extends Thread {
        final AbstractSelector selector;
        final Queue<SocketChannel> joining = new ConcurrentLinkedQueue<>();
        final SplittableRandom random = new SplittableRandom(seed);
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        volatile Loop other = this;
        volatile int passed; // this thread only
        volatile Throwable failure;

        Loop(AbstractSelector selector) {
            this.selector = selector;
        }

        void take(SocketChannel channel) {
            joining.add(channel);
            selector.wakeup();
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    selector.select(1_000);
                    for (SelectionKey key : selector.selectedKeys()) {
                        serve(key);
                    }
                    selector.selectedKeys().clear();
                    // Cancelled keys go.
                    selector.selectNow();
                    for (SocketChannel c = joining.poll(); c != null; c = joining.poll()) {
                        c.configureBlocking(false);
                        c.register(selector, SelectionKey.OP_READ);
                    }
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        private void serve(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            int n = channel.read(buffer.clear());
            if (n < 0) {
                channel.close();
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (random.nextInt(PASS_EVERY) == 0) {
                key.cancel();
                passed++;
                other.take(channel);
            }
        }
    }

    private static void converse(SocketChannel channel, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer out = ByteBuffer.allocateDirect(LARGEST);
        ByteBuffer in = ByteBuffer.allocateDirect(LARGEST);
        long end = System.nanoTime() + TIME;
        int round = 0;
        for (; System.nanoTime() < end; round++) {
            int size = 1 + random.nextInt(random.nextInt(3) == 0 ? LARGEST : 300);
            Conversation.fill(out.clear().limit(size), random.nextInt(1_000));
            channel.write(out.flip());
            in.clear().limit(size);
            while (in.hasRemaining() && channel.read(in) >= 0) {}
            assertEquals(out.rewind(), in.flip(), "seed " + seed + " in round " + round);
            if (random.nextInt(50) == 0) {
                Thread.sleep(random.nextInt(20));
            }
        }
        assertTrue(round > 20, round + " rounds");
    }

    @Test
    void connectionsOfBothPortsMoveBetweenSelectors() throws Exception {
        Path[] places = {temporary.resolve("a"), temporary.resolve("b")};
        ChannelFactory hub = guest(places);
        ChannelFactory[] guests = {guest(places[0]), guest(places[1])};
        Loop[] loops = {new Loop(hub.openSelector()), new Loop(hub.openSelector())};
        loops[0].other = loops[1];
        loops[1].other = loops[0];
        List<FutureTask<Void>> clients = new ArrayList<>();
        List<SocketChannel> accepted = new ArrayList<>();
        try (ServerSocketChannel server = listen(hub)) {
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel client = connect(guests[i % 2], server);
                accepted.add(server.accept());
                long own = seed + i;
                clients.add(new FutureTask<>(() -> {
                    converse(client, own);
                    client.close();
                    return null;
                }));
            }
            for (int i = 0; i < CLIENTS; i++) {
                loops[i / 2 % 2].take(accepted.get(i));
            }
            loops[0].start();
            loops[1].start();
            clients.forEach(each -> Thread.ofPlatform().start(each));
            for (FutureTask<Void> each : clients) {
                each.get(40, TimeUnit.SECONDS);
            }
        } finally {
            over = true;
        }
        for (Loop loop : loops) {
            loop.selector.wakeup();
            loop.join();
            loop.selector.close();
            assertEquals(null, loop.failure, "seed " + seed);
            assertTrue(loop.passed > 10, loop.passed + " passed on");
        }
        for (int i = 0; i < CLIENTS; i++) {
            assertEquals(i % 2 == 0 ? "fabric" : "fabric-2", port(accepted.get(i)));
        }
    }
}
