package io.ringway.compat.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many threads at one selector. */
class ConcurrencyTest {
    private static final long DURATION = TimeUnit.SECONDS.toNanos(2);
    private static final int THREADS = 8;

    @Test
    void registerCancelCloseAndWakeupFromEightThreadsLeaveTheSelectorSound() throws Exception {
        AtomicLong operations = new AtomicLong();
        long end = System.nanoTime() + DURATION;
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 100)) {
            List<Background<?>> workers = new ArrayList<>();
            Background<@Nullable Void> loop = Background.run(() -> selectUntil(selector, end));
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                workers.add(Background.run(() -> {
                    Random random = new Random(seed);
                    while (System.nanoTime() < end) {
                        useAndDrop(selector, listener, random);
                        operations.incrementAndGet();
                    }
                }));
            }
            for (Background<?> worker : workers) {
                worker.result();
            }
            loop.result();
            assertTrue(operations.get() > THREADS);
            assertStillWorks(selector);
        }
    }

    private static void selectUntil(Selector selector, long end) throws IOException {
        while (System.nanoTime() < end) {
            selector.select(10);
            for (SelectionKey key : selector.selectedKeys()) {
                try {
                    if (key.isReadable()) {
                        ((SocketChannel) key.channel()).read(ByteBuffer.allocate(64));
                    }
                    key.interestOps(key.interestOps() & ~SelectionKey.OP_WRITE);
                } catch (CancelledKeyException | ClosedChannelException e) {
                    // Another thread was faster.
                } catch (IOException e) {
                    key.cancel();
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** One connection that is opened, registered, used and given up in one of several ways. */
    private static void useAndDrop(Selector selector, ServerSocketChannel listener, Random random) throws Exception {
        try (TcpPair pair = open(listener)) {
            SocketChannel client = pair.client();
            SocketChannel server = pair.server();
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ);
            for (int i = random.nextInt(6); i >= 0; i--) {
                switch (random.nextInt(5)) {
                    case 0 -> server.write(ByteBuffer.allocate(10));
                    case 1 -> key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    case 2 -> selector.wakeup();
                    case 3 -> key.interestOps(0);
                    default -> client.write(ByteBuffer.allocate(10));
                }
            }
            if (random.nextBoolean()) {
                key.cancel();
                selector.wakeup();
            }
        }
    }

    /** One at a time, so that the two ends belong together. */
    private static TcpPair open(ServerSocketChannel listener) throws IOException {
        synchronized (listener) {
            return TcpPair.open(listener, Loopback.IPV4);
        }
    }

    private static void assertStillWorks(Selector selector) throws Exception {
        selector.selectNow();
        assertTrue(selector.keys().isEmpty(), "keys are left over");
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
            Io.write(pair.client(), "x");
            assertEquals(1, selector.select(10_000));
            assertTrue(key.isReadable());
        }
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
    }

    @Test
    void threadsThatRegisterWhileSelectsReturnAllGetServed() throws Exception {
        int each = 25;
        ConcurrentLinkedQueue<TcpPair> pairs = new ConcurrentLinkedQueue<>();
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort(), 100);
                Background<Integer> loop = Background.start(() -> serve(selector, THREADS * each))) {
            List<Background<?>> workers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                workers.add(Background.run(() -> {
                    for (int k = 0; k < each; k++) {
                        TcpPair pair = open(listener);
                        pairs.add(pair);
                        pair.server().configureBlocking(false);
                        pair.server().register(selector, SelectionKey.OP_READ);
                        selector.wakeup();
                        Io.write(pair.client(), "x");
                    }
                }));
            }
            for (Background<?> worker : workers) {
                worker.result();
            }
            assertEquals(THREADS * each, loop.result());
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    /** Reads one byte from each of that many channels. */
    private static int serve(Selector selector, int expected) throws IOException {
        int served = 0;
        while (served < expected) {
            selector.select(1_000);
            for (SelectionKey key : selector.selectedKeys()) {
                if (((SocketChannel) key.channel()).read(ByteBuffer.allocate(2)) == 1) {
                    served++;
                }
            }
            selector.selectedKeys().clear();
        }
        return served;
    }

    @Test
    void closingASelectorWhileOthersUseItEndsThemAll() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
                Selector selector = Selector.open();
                pair.client().register(selector, SelectionKey.OP_READ);
                List<Background<?>> users = new ArrayList<>();
                users.add(Background.run(() -> useUntilClosed(selector, () -> selector.select(5))));
                users.add(Background.run(() -> useUntilClosed(selector, selector::wakeup)));
                users.add(Background.run(() -> useUntilClosed(
                        selector, () -> assertTrue(selector.keys().size() <= 2))));
                users.add(Background.run(() ->
                        useUntilClosed(selector, () -> pair.server().register(selector, SelectionKey.OP_WRITE))));
                Await.pause();
                selector.close();
                for (Background<?> user : users) {
                    user.result();
                }
                pair.configureBlocking(true);
                Io.pingPong(pair);
            }
        }
    }

    private static void useUntilClosed(Selector selector, Background.Action action) throws Exception {
        while (selector.isOpen()) {
            try {
                action.run();
            } catch (ClosedSelectorException e) {
                return;
            }
        }
    }

    @Test
    void aSecondThreadsSelectWaitsForTheFirst() throws Exception {
        try (Selector selector = Selector.open();
                Background<Integer> first = Background.start(() -> selector.select())) {
            first.awaitInside("select");
            try (Background<Integer> second = Background.start(() -> selector.select())) {
                second.awaitInside("select");
                selector.wakeup();
                assertEquals(0, first.result());
                selector.wakeup();
                assertEquals(0, second.result());
            }
        }
    }
}
