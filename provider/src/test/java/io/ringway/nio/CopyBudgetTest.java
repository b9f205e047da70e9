package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The copy budget (M12): each byte written is copied once, and each byte read, whatever the buffers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CopyBudgetTest {
    private static final int[] SIZES = {1, 64, 180, 3_000, 20_000, 65_536, 300_000};

    @TempDir
    Path directory;

    private RegisteredPair pair;

    @BeforeEach
    void open() throws Exception {
        pair = new RegisteredPair(directory);
        pair.assertAccelerated();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    /** Makes a buffer with these bytes, ready to be written. */
    private enum Source {
        HEAP {
            @Override
            ByteBuffer of(ByteBuffer bytes) {
                return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            }
        },
        DIRECT {
            @Override
            ByteBuffer of(ByteBuffer bytes) {
                return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
            }
        },
        READ_ONLY_HEAP {
            @Override
            ByteBuffer of(ByteBuffer bytes) {
                return HEAP.of(bytes).asReadOnlyBuffer();
            }
        },
        READ_ONLY_DIRECT {
            @Override
            ByteBuffer of(ByteBuffer bytes) {
                return DIRECT.of(bytes).asReadOnlyBuffer();
            }
        },
        SLICE {
            @Override
            ByteBuffer of(ByteBuffer bytes) {
                int size = bytes.remaining();
                return ByteBuffer.allocate(size + 20).put(7, bytes, 0, size).slice(7, size);
            }
        };

        abstract ByteBuffer of(ByteBuffer bytes);
    }

    private static Stream<Arguments> sources() {
        return Stream.of(Source.values()).flatMap(s -> Stream.of(Arguments.of(s, false), Arguments.of(s, true)));
    }

    private static ByteBuffer bytes(int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        RegisteredPair.fill(bytes, size);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("sources")
    void oneCopyEachWay(Source kind, boolean directTarget) throws Exception {
        long total = 0;
        for (int size : SIZES) {
            ByteBuffer source = kind.of(bytes(size));
            CompletableFuture<ByteBuffer> read = read(size, directTarget);
            assertEquals(size, pair.client.write(source));
            RegisteredPair.assertBytes(size, size, read.get(20, TimeUnit.SECONDS));
            total += size;
        }
        assertBudget(total);
    }

    @Test
    void gatheredAndScattered() throws Exception {
        long total = 0;
        for (int size : SIZES) {
            ByteBuffer all = bytes(size);
            int third = size / 3;
            ByteBuffer[] sources = {
                Source.HEAP.of(all.slice(0, third)),
                ByteBuffer.allocate(0),
                Source.READ_ONLY_DIRECT.of(all.slice(third, third)),
                Source.DIRECT.of(all.slice(2 * third, size - 2 * third))
            };
            ByteBuffer target = ByteBuffer.allocateDirect(size);
            ByteBuffer[] targets = {target.slice(0, third), target.slice(third, size - third)};
            CompletableFuture<ByteBuffer> read = onAnotherThread(() -> {
                while (targets[1].hasRemaining() || targets[0].hasRemaining()) {
                    pair.server.read(targets);
                }
                return target;
            });
            assertEquals(size, pair.client.write(sources));
            RegisteredPair.assertBytes(size, size, read.get(20, TimeUnit.SECONDS));
            total += size;
        }
        assertBudget(total);
    }

    @Test
    void transferredFromAFile() throws Exception {
        int size = 1_000_000;
        Path file = Files.write(directory.resolve("file"), bytes(size).array());
        CompletableFuture<ByteBuffer> read = read(size, true);
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long done = 0; done < size; ) {
                done += source.transferTo(done, size - done, pair.client);
            }
        }
        RegisteredPair.assertBytes(size, size, read.get(20, TimeUnit.SECONDS));
        assertBudget(size);
    }

    @Test
    void throughTheSocketsStreams() throws Exception {
        int size = 300_000;
        CompletableFuture<ByteBuffer> read = onAnotherThread(() -> {
            InputStream in = pair.server.socket().getInputStream();
            return ByteBuffer.wrap(in.readNBytes(size));
        });
        OutputStream out = pair.client.socket().getOutputStream();
        out.write(bytes(size).array());
        RegisteredPair.assertBytes(size, size, read.get(20, TimeUnit.SECONDS));
        assertBudget(size);
    }

    @Test
    void inPartsAndWithAFullConnection() throws Exception {
        pair.client.configureBlocking(false);
        pair.server.configureBlocking(false);
        long total = 0;
        ByteBuffer piece = Source.DIRECT.of(bytes(100_000));
        for (int n = 1; n > 0; total += n) {
            n = pair.client.write(piece.clear());
        }
        ByteBuffer target = ByteBuffer.allocate(70_001);
        long seen = 0;
        while (seen < total) {
            seen += pair.server.read(target.clear());
        }
        assertBudget(total);
    }

    private CompletableFuture<ByteBuffer> read(int size, boolean direct) {
        return onAnotherThread(() -> {
            ByteBuffer target = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
            while (target.hasRemaining()) {
                if (pair.server.read(target) < 0) {
                    throw new IOException("the stream has ended");
                }
            }
            return target.flip();
        });
    }

    /** Something that may block. */
    private interface Action {
        ByteBuffer run() throws IOException;
    }

    private static CompletableFuture<ByteBuffer> onAnotherThread(Action action) {
        CompletableFuture<ByteBuffer> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                done.complete(action.run());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** So many bytes were copied in, and out, and not one of them a second time unless that was counted. */
    private void assertBudget(long bytes) throws Exception {
        for (SocketChannel channel : new SocketChannel[] {pair.client, pair.server}) {
            channel.configureBlocking(false);
            assertEquals(0, channel.read(ByteBuffer.allocate(1)));
        }
        RegisteredPair.await(bytes + " bytes are counted", () -> pair.sum(c -> c.bytesCopiedOut) >= bytes);
        assertEquals(bytes, pair.sum(c -> c.bytesCopiedIn));
        assertEquals(bytes, pair.sum(c -> c.bytesCopiedOut));
        assertEquals(0, pair.sum(c -> c.bytesByReferenceIn) + pair.sum(c -> c.bytesByReferenceOut));
    }
}
