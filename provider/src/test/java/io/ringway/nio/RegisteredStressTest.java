package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams in which all ways to write and to read alternate at random, with little memory to lend. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RegisteredStressTest {
    private static final int TOTAL = 24 << 20;
    private static final int LARGEST_WRITE = 100_000;
    private static final int HELD = 12;

    @TempDir
    Path directory;

    private static byte at(long position) {
        return (byte) (position * 0x9E3779B97F4A7C15L >>> 40);
    }

    /** A task that may fail. */
    private interface Task {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> start(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    @Test
    void blockingThreads() throws Exception {
        stress(false);
    }

    @Test
    void selectorsThatTheConnectionMovesBetween() throws Exception {
        stress(true);
    }

    private void stress(boolean moving) throws Exception {
        long seed = System.nanoTime();
        String bound = Integer.toString(10 * RegisteredBuffers.MAX_SIZE);
        try (RegisteredPair pair = new RegisteredPair(directory, "ringway.registered.memory", bound)) {
            pair.assertAccelerated();
            CompletableFuture<Void> writer = start(() -> new Writer(pair, new Random(seed), moving).run());
            CompletableFuture<Void> reader = start(() -> new Reader(pair, new Random(seed + 1), moving).run());
            CompletableFuture.anyOf(writer, reader).get(100, TimeUnit.SECONDS);
            CompletableFuture.allOf(writer, reader).get(100, TimeUnit.SECONDS);
            assertTrue(pair.sum(c -> c.bytesByReferenceIn) > 0);
            pair.awaitFramesHome();
            assertEquals(0, pair.memory().leaks());
            assertEquals(TOTAL, pair.sum(c -> c.bytesByReferenceIn) + pair.sum(c -> c.bytesCopiedIn));
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Registers a channel with one of two selectors, now with this one, now with that one. */
    private static final class Moves implements AutoCloseable {
        private final SocketChannel channel;
        private final int interest;
        private final Random random;
        private final Selector[] selectors = new Selector[2];
        private int at;

        Moves(RegisteredPair pair, SocketChannel channel, int interest, Random random) throws Exception {
            this.channel = channel;
            this.interest = interest;
            this.random = random;
            channel.configureBlocking(false);
            selectors[0] = pair.channels.openSelector();
            selectors[1] = pair.channels.openSelector();
            channel.register(selectors[0], interest);
        }

        /** Waits until the channel may be ready. */
        void await() throws Exception {
            if (random.nextInt(20) == 0) {
                channel.keyFor(selectors[at]).cancel();
                selectors[at].selectNow();
                at = 1 - at;
                channel.register(selectors[at], interest);
            }
            selectors[at].select(1_000);
            selectors[at].selectedKeys().clear();
        }

        @Override
        public void close() throws Exception {
            selectors[0].close();
            selectors[1].close();
        }
    }

    private static final class Writer {
        private final RegisteredPair pair;
        private final Random random;
        private final boolean moving;
        private long position;

        Writer(RegisteredPair pair, Random random, boolean moving) {
            this.pair = pair;
            this.random = random;
            this.moving = moving;
        }

        void run() throws Exception {
            if (!moving) {
                writeAll(null);
                return;
            }
            try (Moves moves = new Moves(pair, pair.client, SelectionKey.OP_WRITE, random)) {
                writeAll(moves);
            }
        }

        private void writeAll(Moves moves) throws Exception {
            while (position < TOTAL) {
                int size = random.nextInt(3) == 0 ? 1 + random.nextInt(300) : 1 + random.nextInt(LARGEST_WRITE);
                size = (int) Math.min(size, TOTAL - position);
                switch (random.nextInt(4)) {
                    case 0 -> writePlain(ByteBuffer.allocate(size), moves);
                    case 1 -> writePlain(ByteBuffer.allocateDirect(size), moves);
                    case 2 -> writePart(Math.min(size, RegisteredBuffers.MAX_SIZE), moves);
                    default -> writeRegistered(Math.min(size, RegisteredBuffers.MAX_SIZE), moves);
                }
            }
            pair.client.shutdownOutput();
        }

        private void fill(ByteBuffer target) {
            for (int i = target.position(); i < target.limit(); i++) {
                target.put(i, at(position++));
            }
        }

        private void writePlain(ByteBuffer source, Moves moves) throws Exception {
            fill(source);
            while (source.hasRemaining()) {
                if (pair.client.write(source) == 0) {
                    moves.await();
                }
            }
        }

        private void writeRegistered(int size, Moves moves) throws Exception {
            RegisteredBuffer first = pair.buffers.allocate(size / 2);
            RegisteredBuffer second = pair.buffers.allocate(size - size / 2);
            fill(first.buffer());
            fill(second.buffer());
            long left = size;
            left -= pair.buffers.write(pair.client, first, second);
            while (left > 0) {
                if (moves != null) {
                    moves.await();
                }
                left -= left > size - size / 2
                        ? pair.buffers.write(pair.client, first, second)
                        : pair.buffers.write(pair.client, second);
            }
        }

        /** Some of a buffer, by its address. */
        private void writePart(int size, Moves moves) throws Exception {
            RegisteredBuffer whole = pair.buffers.allocate(RegisteredBuffers.MAX_SIZE);
            ByteBuffer part = whole.buffer().slice(random.nextInt(RegisteredBuffers.MAX_SIZE - size + 1), size);
            fill(part);
            long left = size;
            left -= pair.buffers.write(pair.client, part);
            while (left > 0) {
                if (moves != null) {
                    moves.await();
                }
                left -= pair.buffers.write(pair.client, part);
            }
            whole.release();
        }
    }

    private static final class Reader {
        private final RegisteredPair pair;
        private final Random random;
        private final boolean moving;
        private final List<RegisteredBuffer> held = new ArrayList<>();
        private final List<Long> starts = new ArrayList<>();
        private long position;

        Reader(RegisteredPair pair, Random random, boolean moving) {
            this.pair = pair;
            this.random = random;
            this.moving = moving;
        }

        void run() throws Exception {
            if (!moving) {
                readAll(null);
                return;
            }
            try (Moves moves = new Moves(pair, pair.server, SelectionKey.OP_READ, random)) {
                readAll(moves);
            }
        }

        private void readAll(Moves moves) throws Exception {
            int n = 0;
            while (n >= 0) {
                n = random.nextInt(3) == 0 ? readPlain() : receive();
                if (n == 0) {
                    moves.await();
                }
                while (held.size() > random.nextInt(HELD)) {
                    release(random.nextInt(held.size()));
                }
            }
            while (!held.isEmpty()) {
                release(0);
            }
            assertEquals(TOTAL, position);
        }

        private void release(int index) {
            // It is what it was when it came.
            check(held.get(index).buffer(), starts.remove(index));
            held.remove(index).release();
        }

        private static void check(ByteBuffer bytes, long start) {
            for (int i = 0; i < bytes.remaining(); i++) {
                if (bytes.get(bytes.position() + i) != at(start + i)) {
                    throw new AssertionError("wrong byte at " + (start + i));
                }
            }
        }

        private int readPlain() throws Exception {
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(LARGEST_WRITE));
            int n = pair.server.read(target);
            check(target.flip(), position);
            position += Math.max(n, 0);
            return n;
        }

        private int receive() throws Exception {
            RegisteredBuffer received = pair.buffers.receive(pair.server);
            if (received == null) {
                return 0;
            }
            if (received.isEndOfStream()) {
                return -1;
            }
            int n = received.buffer().remaining();
            check(received.buffer(), position);
            held.add(received);
            starts.add(position);
            position += n;
            return n;
        }
    }
}
