package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program may expect of {@link RegisteredBuffers}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RegisteredBuffersTest {
    private static final int SIZE = RegisteredBuffers.MAX_SIZE;

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

    @Test
    void bytesPassWithoutACopy() throws Exception {
        long copiedIn = pair.sum(c -> c.bytesCopiedIn);
        long byReference = pair.sum(c -> c.bytesByReferenceIn);
        RegisteredBuffer out = pair.filled(SIZE, 7);
        assertTrue(out.isByReference());

        assertEquals(SIZE, pair.buffers.write(pair.client, out));
        try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
            assertNotNull(in);
            assertTrue(in.isByReference());
            assertFalse(in.isEndOfStream());
            RegisteredPair.assertBytes(SIZE, 7, in.buffer());
        }

        assertEquals(copiedIn, pair.sum(c -> c.bytesCopiedIn));
        assertEquals(byReference + SIZE, pair.sum(c -> c.bytesByReferenceIn));
        RegisteredPair.await("the bytes are counted", () -> pair.sum(c -> c.bytesByReferenceOut) == SIZE);
        assertEquals(0, pair.sum(c -> c.bytesCopiedOut));
        assertEquals(0, pair.memory().copied());
        pair.awaitFramesHome();
    }

    @Test
    void onlyWhatStandsBetweenPositionAndLimitIsSent() throws Exception {
        RegisteredBuffer out = pair.filled(SIZE, 0);
        out.buffer().position(1_000).limit(60_000);
        assertEquals(59_000, pair.buffers.write(pair.client, out));
        try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
            RegisteredPair.assertBytes(59_000, 1_000 * 31, in.buffer());
        }
    }

    @Test
    void aSentBufferIsOutOfReach() throws Exception {
        RegisteredBuffer out = pair.filled(SIZE, 1);
        ByteBuffer kept = out.buffer();
        ByteBuffer slice = kept.slice(10, 100);
        ByteBuffer duplicate = kept.duplicate();
        pair.buffers.write(pair.client, out);

        assertThrows(IllegalStateException.class, out::buffer);
        assertThrows(IllegalStateException.class, () -> kept.put(0, (byte) 1));
        assertThrows(IllegalStateException.class, () -> kept.get(0));
        assertThrows(IllegalStateException.class, () -> slice.put(0, (byte) 1));
        assertThrows(IllegalStateException.class, () -> duplicate.put(0, (byte) 1));
        assertThrows(IllegalStateException.class, () -> pair.client.write(duplicate));
        assertThrows(IllegalStateException.class, () -> pair.buffers.write(pair.client, out));
        assertDoesNotThrow(out::release);
        RegisteredPair.assertBytes(SIZE, 1, pair.buffers.receive(pair.server).buffer());
    }

    @Test
    void aReceivedBufferIsReadOnlyAndEndsWithItsRelease() throws Exception {
        pair.buffers.write(pair.client, pair.filled(SIZE, 1));
        RegisteredBuffer in = pair.buffers.receive(pair.server);
        ByteBuffer kept = in.buffer();
        assertThrows(ReadOnlyBufferException.class, () -> kept.put(0, (byte) 1));
        in.release();
        assertThrows(IllegalStateException.class, () -> kept.get(0));
        assertThrows(IllegalStateException.class, in::buffer);
        assertDoesNotThrow(in::close);
        assertEquals(0, pair.memory().receivedPinned());
    }

    @Test
    void aBufferStaysWithItsThread() throws Exception {
        RegisteredBuffer out = pair.filled(SIZE, 1);
        ByteBuffer bytes = out.buffer();
        onAnotherThread(() -> assertThrows(WrongThreadException.class, () -> bytes.get(0)));
        onAnotherThread(() -> assertThrows(WrongThreadException.class, out::release));
        onAnotherThread(() -> assertThrows(WrongThreadException.class, () -> pair.buffers.write(pair.client, out)));
        assertEquals(SIZE, pair.buffers.write(pair.client, out));
        RegisteredPair.assertBytes(SIZE, 1, pair.buffers.receive(pair.server).buffer());
    }

    private static void onAnotherThread(Runnable action) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.get(20, TimeUnit.SECONDS);
    }

    @Test
    void otherWritesAndReadsMayComeInBetween() throws Exception {
        ByteBuffer small = ByteBuffer.allocate(100);
        RegisteredPair.fill(small, 50);
        pair.client.write(small);
        pair.buffers.write(pair.client, pair.filled(20_000, 51), pair.filled(0, 0), pair.filled(10, 52));
        ByteBuffer large = ByteBuffer.allocateDirect(30_000);
        RegisteredPair.fill(large, 53);
        pair.client.write(large);
        pair.buffers.write(pair.client, pair.filled(5_000, 54));

        RegisteredPair.assertBytes(100, 50, receive(100));
        ByteBuffer part = ByteBuffer.allocate(1_000);
        assertEquals(1_000, pair.server.read(part));
        RegisteredPair.assertBytes(1_000, 51, part.flip());
        // The rest of a frame of which a read took some.
        RegisteredPair.assertBytes(19_000, 51 + 1_000 * 31, receive(19_000));
        RegisteredPair.assertBytes(10, 52, receive(10));
        RegisteredPair.assertBytes(30_000, 53, receive(30_000));
        RegisteredPair.assertBytes(5_000, 54, receive(5_000));
    }

    /** So many bytes, out of buffers on loan. */
    private ByteBuffer receive(int length) throws Exception {
        ByteBuffer all = ByteBuffer.allocate(length);
        while (all.hasRemaining()) {
            try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
                assertFalse(in.isEndOfStream());
                all.put(in.buffer());
            }
        }
        return all.flip();
    }

    @Test
    void aFullConnectionTakesNothingAndLaterTheRest() throws Exception {
        pair.client.configureBlocking(false);
        int sent = 0;
        RegisteredBuffer out = pair.filled(SIZE, sent);
        long taken = writeWhileWritable(out);
        while (taken == SIZE) {
            sent++;
            out = pair.filled(SIZE, sent);
            taken = writeWhileWritable(out);
        }
        assertTrue(sent > 8, "only " + sent + " buffers were taken");
        assertEquals(SIZE - taken, out.buffer().remaining());
        for (int i = 0; i < sent; i++) {
            RegisteredPair.assertBytes(SIZE, i, receive(SIZE));
        }
        RegisteredBuffer last = out;
        long[] left = {SIZE - taken};
        RegisteredPair.await("there is room", () -> (left[0] -= write(last)) == 0);
        RegisteredPair.assertBytes(SIZE, sent, receive(SIZE));
    }

    /** How many bytes were taken before the connection was full. A write that finds the stack owned may take fewer than fit. */
    private long writeWhileWritable(RegisteredBuffer buffer) {
        long taken = write(buffer);
        while (taken < SIZE && (((RingwaySocketChannel) pair.client).readiness() & SelectionKey.OP_WRITE) != 0) {
            taken += write(buffer);
        }
        return taken;
    }

    private long write(RegisteredBuffer buffer) {
        try {
            return pair.buffers.write(pair.client, buffer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void modesAndEndsAreThoseOfTheChannel() throws Exception {
        pair.server.configureBlocking(false);
        assertNull(pair.buffers.receive(pair.server));
        RegisteredBuffer out = pair.filled(5_000, 1);
        try (SocketChannel fresh = pair.channels.openSocketChannel()) {
            assertThrows(NotYetConnectedException.class, () -> pair.buffers.write(fresh, out));
            assertThrows(NotYetConnectedException.class, () -> pair.buffers.receive(fresh));
        }
        pair.buffers.write(pair.client, out);
        pair.client.shutdownOutput();
        pair.server.configureBlocking(true);
        RegisteredPair.assertBytes(5_000, 1, receive(5_000));
        RegisteredBuffer end = pair.buffers.receive(pair.server);
        assertTrue(end.isEndOfStream());
        assertFalse(end.buffer().hasRemaining());
        end.release();
        RegisteredBuffer kept = pair.filled(5_000, 1);
        assertThrows(ClosedChannelException.class, () -> pair.buffers.write(pair.client, kept));
        pair.close();
        assertThrows(ClosedChannelException.class, () -> pair.buffers.write(pair.client, kept));
        assertThrows(ClosedChannelException.class, () -> pair.buffers.receive(pair.server));
        RegisteredPair.assertBytes(5_000, 1, kept.buffer());
        kept.release();
        pair.awaitFramesHome();
    }

    @Test
    void aBlockedReceiveIsEndedByCloseAndServedByAWrite() throws Exception {
        CompletableFuture<Integer> received = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                try (RegisteredBuffer in = pair.buffers.receive(pair.server)) {
                    received.complete(in.buffer().remaining());
                }
                pair.buffers.receive(pair.server);
            } catch (Exception e) {
                received.completeExceptionally(e);
            }
        });
        Thread.sleep(20);
        pair.buffers.write(pair.client, pair.filled(SIZE, 1));
        assertEquals(SIZE, received.get(20, TimeUnit.SECONDS));
        pair.server.close();
        assertTrue(reader.join(java.time.Duration.ofSeconds(20)));
    }

    @Test
    void aPartOfABufferIsFoundByItsAddress() throws Exception {
        RegisteredBuffer whole = pair.filled(SIZE, 3);
        ByteBuffer part = whole.buffer().slice(5_000, 50_000);
        long hits = pair.memory().hits();
        long copied = pair.sum(c -> c.bytesCopiedIn);

        assertEquals(50_000, pair.buffers.write(pair.client, part));
        assertEquals(hits + 1, pair.memory().hits());
        assertEquals(copied, pair.sum(c -> c.bytesCopiedIn));
        assertThrows(IllegalStateException.class, () -> part.get(0));
        assertThrows(IllegalStateException.class, whole::buffer);
        RegisteredPair.assertBytes(50_000, 3 + 5_000 * 31, receive(50_000));

        ByteBuffer other = ByteBuffer.allocateDirect(10_000);
        RegisteredPair.fill(other, 4);
        assertEquals(10_000, pair.buffers.write(pair.client, other));
        assertFalse(other.hasRemaining());
        assertEquals(10_000, pair.memory().copied());
        RegisteredPair.assertBytes(10_000, 4, receive(10_000));
    }

    @Test
    void aPlainWriteOfABufferOnLoanCopiesAndLeavesItToTheProgram() throws Exception {
        RegisteredBuffer lent = pair.filled(SIZE, 3);
        long hits = pair.memory().hits();
        long misses = pair.memory().misses();
        long copied = pair.sum(c -> c.bytesCopiedIn);
        assertEquals(SIZE, pair.client.write(lent.buffer().duplicate()));
        assertEquals(100, pair.client.write(new ByteBuffer[] {lent.buffer().slice(0, 50), ByteBuffer.allocateDirect(50)
        }));
        assertEquals(hits + 2, pair.memory().hits());
        assertEquals(misses + 1, pair.memory().misses());
        assertEquals(copied + SIZE + 100, pair.sum(c -> c.bytesCopiedIn));
        RegisteredPair.assertBytes(SIZE, 3, lent.buffer());
        lent.release();
        RegisteredPair.assertBytes(SIZE, 3, receive(SIZE));
        pair.client.write(ByteBuffer.allocateDirect(50));
        assertEquals(misses + 1, pair.memory().misses());
    }

    @Test
    void otherChannelsCopy() throws Exception {
        Pipe pipe = pair.channels.openPipe();
        RegisteredBuffer out = pair.filled(5_000, 9);
        assertEquals(5_000, pair.buffers.write(pipe.sink(), out));
        assertThrows(IllegalStateException.class, out::buffer);
        try (RegisteredBuffer in = pair.buffers.receive(pipe.source())) {
            assertFalse(in.isByReference());
            assertThrows(ReadOnlyBufferException.class, () -> in.buffer().put((byte) 1));
            RegisteredPair.assertBytes(5_000, 9, in.buffer());
        }
        assertEquals(10_000, pair.memory().copied());
        pipe.sink().close();
        assertTrue(pair.buffers.receive(pipe.source()).isEndOfStream());
        pipe.source().close();
        assertEquals(0, pair.memory().pinned());
    }

    @Test
    void aReceivedBufferCanBeForwardedByACopy() throws Exception {
        pair.buffers.write(pair.client, pair.filled(SIZE, 5));
        RegisteredBuffer in = pair.buffers.receive(pair.server);
        assertEquals(SIZE, pair.buffers.write(pair.client, in));
        assertEquals(SIZE, pair.memory().copied());
        assertThrows(IllegalStateException.class, in::buffer);
        RegisteredPair.assertBytes(SIZE, 5, receive(SIZE));
    }

    @Test
    void whatIsNoBufferOfOursIsRefused() {
        RegisteredBuffer out = pair.filled(100, 5);
        assertThrows(IllegalArgumentException.class, () -> pair.buffers.write(pair.client, out, out));
        assertThrows(IllegalArgumentException.class, () -> pair.buffers.allocate(SIZE + 1));
        assertThrows(IllegalArgumentException.class, () -> pair.buffers.allocate(-1));
        assertSame(out.buffer(), out.buffer());
        out.release();
    }
}
