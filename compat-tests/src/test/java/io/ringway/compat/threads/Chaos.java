package io.ringway.compat.threads;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.ThreadDump;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection and many threads that read, write, shut, interrupt, change the mode of and at last close its two ends
 * all at once. The model of what may happen: bytes come in order and only as sent, no more are read than written, calls
 * fail only in the ways that closing, resetting and interrupting make calls fail, and every call ends.
 */
final class Chaos {
    private static final int DEADLINE = 20_000;
    private static final Set<String> FAILURES = Set.of("Connection reset", "Connection reset by peer", "Broken pipe");

    private final long seed;
    private final TcpPair pair;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    Chaos(long seed, TcpPair pair) {
        this.seed = seed;
        this.pair = pair;
    }

    /** A stream in one direction: byte n of it is n modulo 251, whoever writes or reads it. */
    private static final class Direction {
        private static final int PERIOD = 251;

        private final SocketChannel from;
        private final SocketChannel to;
        private final AtomicLong written = new AtomicLong();
        private final AtomicLong read = new AtomicLong();
        private final Object writing = new Object();

        /** The stream can't be followed any more, as a write was interrupted with an unknown part gone. */
        private volatile boolean lost;

        private final Object reading = new Object();

        Direction(SocketChannel from, SocketChannel to) {
            this.from = from;
            this.to = to;
        }

        /** One writer at a time, so that the order of bytes is known; the lock is not the channel's. */
        void write(Random random) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(random.nextInt(20) == 0 ? 300_000 : 2_000));
            synchronized (writing) {
                long at = written.get();
                for (int i = 0; i < buffer.capacity(); i++) {
                    buffer.put(i, (byte) ((at + i) % PERIOD));
                }
                written.addAndGet(buffer.capacity());
                int n = 0;
                try {
                    n = random.nextBoolean() ? from.write(buffer) : (int) from.write(new ByteBuffer[] {buffer});
                } catch (IOException e) {
                    lost = true;
                    throw e;
                } finally {
                    if (!lost) {
                        written.addAndGet(n - buffer.capacity());
                    }
                }
            }
        }

        void read(Random random) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(50_000));
            synchronized (reading) {
                int n = random.nextBoolean() ? to.read(buffer) : (int) to.read(new ByteBuffer[] {buffer});
                long at = read.get();
                for (int i = 0; i < n; i++) {
                    if (buffer.get(i) != (byte) ((at + i) % PERIOD)) {
                        throw new AssertionError("byte " + (at + i) + " is " + buffer.get(i));
                    }
                }
                if (n > 0 && read.addAndGet(n) > written.get()) {
                    throw new AssertionError("read " + read + " of " + written);
                }
            }
        }
    }

    /** What a thread does again and again. */
    private interface Work {
        void once(Random random) throws Exception;
    }

    private void start(String name, int number, Work work) {
        Random random = new Random(seed * 31 + number);
        Thread.Builder builder = number % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        threads.add(builder.name(name + " of seed " + seed).start(() -> {
            while (!ending) {
                try {
                    work.once(random);
                } catch (IllegalBlockingModeException e) {
                    Thread.onSpinWait();
                } catch (ClosedByInterruptException | InterruptedException e) {
                    Thread.interrupted();
                } catch (ClosedChannelException e) {
                    Thread.yield();
                } catch (IOException e) {
                    if (!FAILURES.contains(e.getMessage())) {
                        unexpected.add(e);
                    }
                } catch (Throwable e) {
                    unexpected.add(e);
                    return;
                }
            }
        }));
    }

    void run() throws Exception {
        Random random = new Random(seed);
        Direction there = new Direction(pair.client(), pair.server());
        Direction back = new Direction(pair.server(), pair.client());
        int number = random.nextInt(2);
        for (Direction d : List.of(there, back)) {
            start("writer", number++, d::write);
            start("second writer", number++, d::write);
            start("reader", number++, d::read);
            start("second reader", number++, d::read);
        }
        for (SocketChannel channel : List.of(pair.client(), pair.server())) {
            start("mode", number++, r -> changeMode(channel, r));
        }
        int actions = random.nextInt(12);
        for (int i = 0; i < actions; i++) {
            act(random);
            Await.pause();
        }
        SocketChannel first = random.nextBoolean() ? pair.client() : pair.server();
        first.close();
        Await.pause();
        pair.close();
        ending = true;
        join();
        if (!unexpected.isEmpty()) {
            AssertionError failure = new AssertionError("seed " + seed + ": " + unexpected);
            unexpected.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static void changeMode(SocketChannel channel, Random random) throws Exception {
        if (random.nextInt(3) == 0) {
            try (Selector selector = Selector.open()) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                selector.select(1);
            }
        } else {
            channel.configureBlocking(random.nextBoolean());
        }
        Await.pause();
    }

    private void act(Random random) throws IOException {
        SocketChannel channel = random.nextBoolean() ? pair.client() : pair.server();
        try {
            switch (random.nextInt(8)) {
                case 0 -> channel.shutdownInput();
                case 1 -> channel.shutdownOutput();
                case 2 -> threads.get(random.nextInt(threads.size())).interrupt();
                case 3 -> channel.setOption(StandardSocketOptions.SO_LINGER, random.nextInt(2) - 1);
                default -> Objects.requireNonNull(channel.toString());
            }
        } catch (ClosedChannelException e) {
            Thread.yield();
        }
    }

    private void join() throws Exception {
        long end = System.currentTimeMillis() + DEADLINE;
        for (Thread thread : threads) {
            if (!thread.join(java.time.Duration.ofMillis(Math.max(1, end - System.currentTimeMillis())))) {
                throw new AssertionError(
                        thread.getName() + " hangs\n" + ThreadDump.of(thread) + ThreadDump.ofAllThreads("stress"));
            }
        }
    }
}
