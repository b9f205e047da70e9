package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipeTest {
    private Pipe pipe;
    private Pipe.SourceChannel source;
    private Pipe.SinkChannel sink;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
        source = pipe.source();
        sink = pipe.sink();
    }

    @AfterEach
    void close() throws IOException {
        sink.close();
        source.close();
    }

    @Test
    void theTwoEndsAreTheSameObjectsEachTime() {
        assertSame(source, pipe.source());
        assertSame(sink, pipe.sink());
        assertTrue(source.isBlocking());
        assertTrue(sink.isBlocking());
    }

    @Test
    void bytesGoThroughInOrderInEitherMode() throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            source.configureBlocking(blocking);
            sink.configureBlocking(blocking);
            for (int i = 0; i < 50; i++) {
                Io.write(sink, "message");
                assertEquals("message", Io.read(source, 7));
            }
        }
    }

    @Test
    void scatterAndGatherWork() throws Exception {
        ByteBuffer[] out = {Io.bytes("skipped"), Io.bytes("ab"), ByteBuffer.allocate(0), Io.bytes("cde")};
        assertEquals(5, sink.write(out, 1, 3));
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(9)};
        assertEquals(5, source.read(in));
        assertEquals(1, in[0].position());
        assertEquals(4, in[1].position());
        assertThrows(IndexOutOfBoundsException.class, () -> source.read(in, 1, 2));
    }

    @Test
    void aFullPipeRefusesAndADrainedOneTakesMore() throws Exception {
        sink.configureBlocking(false);
        source.configureBlocking(false);
        ByteBuffer chunk = ByteBuffer.allocateDirect(4096);
        long written = 0;
        for (int n = sink.write(chunk); n > 0; n = sink.write(chunk.clear())) {
            written += n;
        }
        assertTrue(written >= 64 * 1024, "a pipe holds 64 KiB at least");
        ByteBuffer all = ByteBuffer.allocate((int) written);
        Io.fill(source, all);
        assertEquals(0, source.read(ByteBuffer.allocate(1)));
        assertEquals(4096, sink.write(chunk.clear()));
    }

    @Test
    void megabytesFlowBetweenTwoThreads() throws Exception {
        int total = 10_000_000;
        try (Background<@Nullable Void> writer = Background.run(() -> {
            Io.write(sink, new SeededBytes(1).next(total));
            sink.close();
        })) {
            SeededBytes received = new SeededBytes(1);
            ByteBuffer buffer = ByteBuffer.allocate(70_000);
            while (source.read(buffer.clear()) >= 0) {
                received.check(buffer.flip());
            }
            assertEquals(total, received.position());
            writer.result();
        }
    }

    @Test
    void closingTheSinkEndsTheSource() throws Exception {
        Io.write(sink, "rest");
        sink.close();
        assertEquals("rest", Io.read(source, 4));
        assertEquals(-1, source.read(ByteBuffer.allocate(1)));
        assertThrows(ClosedChannelException.class, () -> sink.write(ByteBuffer.allocate(1)));
    }

    @Test
    void closingTheSourceBreaksThePipe() throws Exception {
        source.close();
        IOException e = assertThrows(IOException.class, () -> sink.write(ByteBuffer.allocate(1)));
        assertEquals("Broken pipe", e.getMessage());
        assertTrue(sink.isOpen());
        assertThrows(ClosedChannelException.class, () -> source.read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsABlockedRead(boolean virtual) throws Exception {
        try (Background<Integer> reader = startRead(virtual)) {
            reader.awaitInside("read");
            source.close();
            reader.failure(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptingEndsABlockedReadAndClosesTheSource(boolean virtual) throws Exception {
        try (Background<Integer> reader = startRead(virtual)) {
            reader.awaitInside("read");
            reader.thread().interrupt();
            reader.failure(ClosedByInterruptException.class);
            assertFalse(source.isOpen());
            assertTrue(sink.isOpen());
        }
    }

    private Background<Integer> startRead(boolean virtual) {
        return virtual
                ? Background.startVirtual(() -> source.read(ByteBuffer.allocate(1)))
                : Background.start(() -> source.read(ByteBuffer.allocate(1)));
    }

    @Test
    void aSelectorShowsBothEnds() throws Exception {
        source.configureBlocking(false);
        sink.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey readable = source.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            SelectionKey writable = sink.register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.select());
            assertTrue(writable.isWritable());
            writable.cancel();
            selector.selectedKeys().clear();
            Io.write(sink, "x");
            assertEquals(1, selector.select(10_000));
            assertTrue(readable.isReadable());
            assertSame(source, readable.channel());
            Io.read(source, 1);
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            sink.close();
            assertEquals(1, selector.select(10_000));
            assertEquals(-1, source.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aPipeWakesASelectorLikeManyProgramsDo() throws Exception {
        source.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            source.register(selector, SelectionKey.OP_READ);
            for (int i = 0; i < 100; i++) {
                try (Background<Integer> select = Background.start(() -> selector.select())) {
                    Io.write(sink, "w");
                    assertEquals(1, select.result());
                }
                Await.until("the byte is read", () -> source.read(ByteBuffer.allocate(10)) == 1);
                selector.selectedKeys().clear();
            }
        }
    }
}
