package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rarer sentences of a pipe's contract. */
class PipeEdgeTest {
    private static final int CAPACITY = 64 << 10;
    private static final int UNDIVIDED = 4096;

    private Pipe.SourceChannel source;
    private Pipe.SinkChannel sink;

    @BeforeEach
    void open() throws IOException {
        Pipe pipe = Pipe.open();
        source = pipe.source();
        sink = pipe.sink();
    }

    @AfterEach
    void close() throws IOException {
        sink.close();
        source.close();
    }

    private void fill(int bytes) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        while (all.hasRemaining()) {
            sink.write(all);
        }
    }

    @Test
    void aSmallWriteThatFindsTooLittleRoomIsNotDivided() throws Exception {
        sink.configureBlocking(false);
        fill(CAPACITY - UNDIVIDED);
        assertEquals(1, sink.write(ByteBuffer.allocate(1)));
        assertEquals(0, sink.write(ByteBuffer.allocate(UNDIVIDED)));
        ByteBuffer[] two = {ByteBuffer.allocate(UNDIVIDED - 1), ByteBuffer.allocate(1)};
        assertEquals(0, sink.write(two));
        assertEquals(0, two[0].position());
        assertEquals(UNDIVIDED - 1, sink.write(ByteBuffer.allocate(UNDIVIDED - 1)));
        assertEquals(0, sink.write(ByteBuffer.allocate(1)));
    }

    @Test
    void aSinkWithLessRoomThanASmallWriteIsNotReady() throws Exception {
        sink.configureBlocking(false);
        source.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey writable = sink.register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.selectNow());
            fill(CAPACITY);
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            Io.fill(source, ByteBuffer.allocate(UNDIVIDED));
            assertEquals(1, selector.select(10_000));
            assertTrue(writable.isWritable());
        }
    }

    @Test
    void aLargeWriteThatFindsTooLittleRoomIsDivided() throws Exception {
        sink.configureBlocking(false);
        ByteBuffer[] all = {ByteBuffer.allocate(CAPACITY - 10), ByteBuffer.allocateDirect(100)};
        assertEquals(CAPACITY, sink.write(all));
        assertEquals(90, all[1].remaining());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsABlockedWrite(boolean virtual) throws Exception {
        try (Background<Integer> writer = startWrite(virtual)) {
            writer.awaitInside("write");
            sink.close();
            writer.failure(ClosedChannelException.class);
            assertFalse(sink.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptingEndsABlockedWriteAndClosesTheSink(boolean virtual) throws Exception {
        try (Background<Integer> writer = startWrite(virtual)) {
            writer.awaitInside("write");
            writer.thread().interrupt();
            writer.failure(ClosedByInterruptException.class);
            assertFalse(sink.isOpen());
            assertTrue(source.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheSourceBreaksABlockedWrite(boolean virtual) throws Exception {
        try (Background<Integer> writer = startWrite(virtual)) {
            writer.awaitInside("write");
            source.close();
            assertEquals("Broken pipe", writer.failure(IOException.class).getMessage());
            assertTrue(sink.isOpen());
        }
    }

    /** Writes until that fails. */
    private Background<Integer> startWrite(boolean virtual) {
        ByteBuffer large = ByteBuffer.allocateDirect(10 * CAPACITY);
        return virtual ? Background.startVirtual(() -> writeOn(large)) : Background.start(() -> writeOn(large));
    }

    private int writeOn(ByteBuffer large) throws IOException {
        while (true) {
            sink.write(large.clear());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheSinkEndsABlockedRead(boolean virtual) throws Exception {
        try (Background<Integer> reader = virtual
                ? Background.startVirtual(() -> source.read(ByteBuffer.allocate(1)))
                : Background.start(() -> source.read(ByteBuffer.allocate(1)))) {
            reader.awaitInside("read");
            sink.close();
            assertEquals(-1, reader.result());
        }
    }

    @Test
    void aBlockedReadGetsWhatComes() throws Exception {
        ByteBuffer[] parts = {ByteBuffer.allocate(2), ByteBuffer.allocate(10)};
        try (Background<Long> reader = Background.start(() -> source.read(parts))) {
            reader.awaitInside("read");
            Io.write(sink, "hello");
            assertEquals(5, reader.result());
        }
    }

    @Test
    void aThreadInterruptedBeforeTheCallClosesTheChannel() throws Exception {
        Io.write(sink, "x");
        try (Background<Integer> reader = Background.start(() -> {
            Thread.currentThread().interrupt();
            return source.read(ByteBuffer.allocate(1));
        })) {
            reader.failure(ClosedByInterruptException.class);
        }
        assertFalse(source.isOpen());
        assertThrows(IOException.class, () -> sink.write(ByteBuffer.allocate(1)));
    }

    @Test
    void bytesThatNobodyReadAreGoneWithTheSource() throws Exception {
        Io.write(sink, "unread");
        source.close();
        assertThrows(IOException.class, () -> sink.write(ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> sink.write(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        assertEquals(0, sink.write(ByteBuffer.allocate(0)));
    }

    @Test
    void emptyBuffersTransferNothing() throws Exception {
        assertEquals(0, sink.write(ByteBuffer.allocate(0)));
        assertEquals(0, sink.write(new ByteBuffer[0]));
        assertEquals(0, source.read(ByteBuffer.allocate(0)));
        assertEquals(0, source.read(new ByteBuffer[] {ByteBuffer.allocate(0)}));
        sink.close();
        assertEquals(0, source.read(ByteBuffer.allocate(0)));
        assertEquals(-1, source.read(new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocate(1)}));
    }

    @Test
    void argumentsAreChecked() throws Exception {
        ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class, () -> source.read(readOnly));
        assertThrows(IllegalArgumentException.class, () -> source.read(new ByteBuffer[] {readOnly}));
        assertThrows(NullPointerException.class, () -> source.read((ByteBuffer) null));
        assertThrows(NullPointerException.class, () -> sink.write((ByteBuffer) null));
        assertThrows(NullPointerException.class, () -> sink.write((ByteBuffer[]) null));
        assertThrows(IndexOutOfBoundsException.class, () -> sink.write(new ByteBuffer[1], 0, 2));
        assertEquals(4, sink.write(readOnly));
        source.close();
        assertThrows(ClosedChannelException.class, () -> source.read(readOnly));
        assertThrows(NullPointerException.class, () -> source.read((ByteBuffer) null));
    }

    @Test
    void keysAndBlockingModeExcludeEachOther() throws Exception {
        try (Selector selector = Selector.open()) {
            assertThrows(IllegalBlockingModeException.class, () -> source.register(selector, SelectionKey.OP_READ));
            sink.configureBlocking(false);
            assertThrows(IllegalArgumentException.class, () -> sink.register(selector, SelectionKey.OP_READ));
            SelectionKey key = sink.register(selector, SelectionKey.OP_WRITE);
            assertThrows(IllegalBlockingModeException.class, () -> sink.configureBlocking(true));
            key.cancel();
            selector.selectNow();
            sink.configureBlocking(true);
        }
        source.close();
        assertThrows(ClosedChannelException.class, () -> source.configureBlocking(true));
    }

    @Test
    void closingAnEndTakesItsKeyOutOfTheSelector() throws Exception {
        source.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = source.register(selector, SelectionKey.OP_READ);
            try (Background<Integer> select = Background.start(() -> selector.select())) {
                select.awaitInside("select");
                source.close();
                selector.wakeup();
                assertEquals(0, select.result());
            }
            assertFalse(key.isValid());
            selector.selectNow();
            assertTrue(selector.keys().isEmpty());
        }
    }

    @Test
    void bothSelectorsOfASourceSeeIt() throws Exception {
        source.configureBlocking(false);
        try (Selector one = Selector.open();
                Selector two = Selector.open()) {
            source.register(one, SelectionKey.OP_READ);
            source.register(two, SelectionKey.OP_READ);
            Io.write(sink, "x");
            assertEquals(1, one.select(10_000));
            assertEquals(1, two.select(10_000));
        }
    }

    @Test
    void interestDecidesWhatWakes() throws Exception {
        source.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = source.register(selector, 0);
            Io.write(sink, "x");
            assertEquals(0, selector.selectNow());
            try (Background<Integer> select = Background.start(() -> selector.select())) {
                select.awaitInside("select");
                key.interestOps(SelectionKey.OP_READ);
                selector.wakeup();
                select.result();
            }
            if (selector.selectedKeys().isEmpty()) {
                selector.select(10_000);
            }
            assertTrue(selector.selectedKeys().contains(key));
        }
    }

    @Test
    void aBrokenPipeMakesTheSinkReady() throws Exception {
        sink.configureBlocking(false);
        fill(CAPACITY);
        try (Selector selector = Selector.open()) {
            sink.register(selector, SelectionKey.OP_WRITE);
            assertEquals(0, selector.selectNow());
            source.close();
            assertEquals(1, selector.select(10_000));
            assertThrows(IOException.class, () -> sink.write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void streamsOverAPipeWork() throws Exception {
        try (InputStream in = Channels.newInputStream(source)) {
            Io.write(sink, "abc");
            sink.close();
            assertEquals("abc", new String(in.readAllBytes()));
        }
        assertFalse(source.isOpen());
    }

    @Test
    void anyMixOfSizesArrivesInOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        sink.configureBlocking(false);
        source.configureBlocking(false);
        SeededBytes sent = new SeededBytes(seed);
        SeededBytes received = new SeededBytes(seed);
        Deque<ByteBuffer> pending = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            if (pending.isEmpty()) {
                pending.add(sent.next(1 + random.nextInt(random.nextBoolean() ? 100 : 2 * CAPACITY)));
            }
            sink.write(pending.peek());
            if (!pending.peek().hasRemaining()) {
                pending.remove();
            }
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(CAPACITY));
            assertTrue(source.read(target) >= 0, "seed " + seed);
            received.check(target.flip());
        }
    }

    @Test
    void theSystemWidePipeIsThatOfTheProvider() throws Exception {
        Pipe pipe = SelectorProvider.provider().openPipe();
        try (Pipe.SourceChannel in = pipe.source();
                Pipe.SinkChannel out = pipe.sink()) {
            assertSame(in.provider(), out.provider());
            Io.write(out, "x");
            assertEquals("x", Io.read(in, 1));
        }
    }

    @Test
    void anAsynchronousCloseIsToldOnlyToTheOneInside() throws Exception {
        try (Background<@Nullable Object> reader = Background.start(() -> source.read(ByteBuffer.allocate(1)))) {
            reader.awaitInside("read");
            source.close();
            reader.failure(AsynchronousCloseException.class);
        }
        ClosedChannelException e =
                assertThrows(ClosedChannelException.class, () -> source.read(ByteBuffer.allocate(1)));
        assertSame(ClosedChannelException.class, e.getClass());
    }
}
