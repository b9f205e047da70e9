package io.ringway.compat.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte arrives, once and in order, whatever the sizes of writes and reads. */
@TimeLimit(60)
class DataIntegrityTest {
    /** One direction of a connection: writes the sequence of a seed in pieces of random size, then shuts its output. */
    private static void send(SocketChannel to, long seed, long total, int largest) throws Exception {
        Random random = new Random(seed);
        SeededBytes bytes = new SeededBytes(seed);
        ByteBuffer heap = ByteBuffer.allocate(largest);
        ByteBuffer direct = ByteBuffer.allocateDirect(largest);
        while (bytes.position() < total) {
            ByteBuffer piece = random.nextBoolean() ? heap : direct;
            piece.clear().limit((int) Math.min(1 + random.nextInt(largest), total - bytes.position()));
            bytes.fill(piece);
            Io.write(to, piece.flip());
        }
        to.shutdownOutput();
    }

    /** Reads to the end, in pieces of random size, and checks the sequence of the seed. */
    private static long receive(SocketChannel from, long seed, int largest) throws Exception {
        Random random = new Random(~seed);
        SeededBytes bytes = new SeededBytes(seed);
        ByteBuffer heap = ByteBuffer.allocate(largest);
        ByteBuffer direct = ByteBuffer.allocateDirect(largest);
        while (true) {
            ByteBuffer piece = random.nextBoolean() ? heap : direct;
            piece.clear().limit(1 + random.nextInt(largest));
            if (Io.readSome(from, piece) < 0) {
                return bytes.position();
            }
            bytes.check(piece.flip());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 200000", "true, 3000", "false, 200000", "false, 3000"})
    void bothDirectionsAtOnceWithRandomSizes(boolean blocking, int largest) throws Exception {
        long total = largest > 10_000 ? 16_000_000 : 4_000_000;
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking);
                Background<@Nullable Void> there = Background.run(() -> send(pair.client(), 1, total, largest));
                Background<@Nullable Void> back = Background.run(() -> send(pair.server(), 2, total, largest));
                Background<Long> atServer = Background.start(() -> receive(pair.server(), 1, largest))) {
            assertEquals(total, receive(pair.client(), 2, largest));
            assertEquals(total, atServer.result());
            there.result();
            back.result();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 200, 1000})
    void manySmallWrites(int size) throws Exception {
        int count = 50_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(() -> {
                    SeededBytes bytes = new SeededBytes(size);
                    ByteBuffer piece = ByteBuffer.allocateDirect(size);
                    for (int i = 0; i < count; i++) {
                        bytes.fill(piece.clear());
                        Io.write(pair.client(), piece.flip());
                    }
                    pair.client().shutdownOutput();
                })) {
            assertEquals((long) size * count, receive(pair.server(), size, 20_000));
            writer.result();
        }
    }

    @Test
    void sixteenMegabytesThroughAnEchoingEventLoop() throws Exception {
        long total = 16_000_000;
        try (TcpPair pair = TcpPair.open();
                Selector selector = Selector.open()) {
            pair.server().configureBlocking(false);
            SelectionKey key = pair.server().register(selector, SelectionKey.OP_READ);
            try (Background<@Nullable Void> echo = Background.run(() -> echo(selector, key));
                    Background<@Nullable Void> writer = Background.run(() -> send(pair.client(), 3, total, 100_000))) {
                assertEquals(total, receive(pair.client(), 3, 100_000));
                writer.result();
                echo.result();
            }
        }
    }

    /** An echo that keeps one buffer: it reads only when it has written all, as a careful program does. */
    private static void echo(Selector selector, SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024).flip();
        while (true) {
            selector.select();
            selector.selectedKeys().clear();
            if (!buffer.hasRemaining()) {
                int n = channel.read(buffer.clear());
                buffer.flip();
                if (n < 0) {
                    channel.shutdownOutput();
                    return;
                }
            }
            channel.write(buffer);
            key.interestOps(buffer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    @Test
    void twentyConnectionsAtOnceDontMixTheirData() throws Exception {
        List<Background<?>> work = new ArrayList<>();
        List<Background<Long>> readers = new ArrayList<>();
        List<TcpPair> pairs = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                TcpPair pair = TcpPair.open(Loopback.values()[i % Loopback.values().length]);
                int seed = 100 + i;
                pairs.add(pair);
                work.add(Background.run(() -> send(pair.client(), seed, 500_000, 30_000)));
                readers.add(Background.start(() -> receive(pair.server(), seed, 30_000)));
            }
            for (Background<Long> reader : readers) {
                assertEquals(500_000, reader.result());
            }
            for (Background<?> writer : work) {
                writer.result();
            }
        } finally {
            for (TcpPair pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void buffersMayBeReusedAsSoonAsWriteReturns() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
            SeededBytes sent = new SeededBytes(4);
            SeededBytes received = new SeededBytes(4);
            ByteBuffer in = ByteBuffer.allocate(10_000);
            for (int i = 0; i < 100; i++) {
                sent.fill(buffer.clear());
                buffer.flip();
                Await.until("written", () -> {
                    // Whatever a write takes: in parts where another thread has the stack for long.
                    pair.client().write(buffer);
                    return !buffer.hasRemaining();
                });
                for (int k = 0; k < 10_000; k++) {
                    buffer.put(k, (byte) 0xEE);
                }
            }
            Await.until("all arrived", () -> {
                pair.server().read(in.clear());
                received.check(in.flip());
                return received.position() == 1_000_000;
            });
        }
    }
}
