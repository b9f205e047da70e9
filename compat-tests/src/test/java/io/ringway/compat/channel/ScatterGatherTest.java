package io.ringway.compat.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScatterGatherTest {
    @Test
    void heapDirectReadOnlyAndEmptyBuffersAreGatheredInOrder() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer[] buffers = {
                ByteBuffer.allocate(0),
                Io.bytes("heap "),
                ByteBuffer.allocateDirect(7).put(Io.bytes("direct ")).flip(),
                ByteBuffer.allocateDirect(0),
                Io.bytes("read-only ").asReadOnlyBuffer(),
                Io.bytes("[[slice]]").slice(2, 5),
                Io.bytes("cut off").limit(0),
            };
            assertEquals(27, pair.client().write(buffers));
            assertEquals("heap direct read-only slice", Io.read(pair.server(), 27));
            assertTrue(Arrays.stream(buffers).noneMatch(ByteBuffer::hasRemaining));
        }
    }

    @Test
    void offsetAndLengthChooseTheBuffersWritten() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer[] buffers = {Io.bytes("a"), Io.bytes("b"), Io.bytes("c"), Io.bytes("d")};
            assertEquals(2, pair.client().write(buffers, 1, 2));
            assertEquals("bc", Io.read(pair.server(), 2));
            assertTrue(buffers[0].hasRemaining());
            assertFalse(buffers[1].hasRemaining());
            assertFalse(buffers[2].hasRemaining());
            assertTrue(buffers[3].hasRemaining());
            assertEquals(0, pair.client().write(buffers, 4, 0));
            assertEquals(0, pair.client().write(buffers, 0, 0));
        }
    }

    @Test
    void offsetAndLengthChooseTheBuffersReadInto() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "abcdef");
            ByteBuffer[] buffers = {ByteBuffer.allocate(2), ByteBuffer.allocate(2), ByteBuffer.allocateDirect(3)};
            assertEquals(5, pair.server().read(buffers, 1, 2));
            assertEquals(0, buffers[0].position());
            assertEquals("ab", text(buffers[1]));
            assertEquals("cde", text(buffers[2]));
            assertEquals("f", Io.read(pair.server(), 1));
        }
    }

    @Test
    void aScatteringReadFillsBuffersInOrderSkippingEmptyOnes() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "1234567");
            ByteBuffer[] buffers = {
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(3),
                ByteBuffer.allocateDirect(4).limit(2),
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(10),
                ByteBuffer.allocate(10),
            };
            assertEquals(7, pair.server().read(buffers));
            assertEquals("123", text(buffers[1]));
            assertEquals("45", text(buffers[2]));
            assertEquals("67", text(buffers[4]));
            assertEquals(0, buffers[5].position());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutRoomOrWithoutBuffersNothingHappens(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking)) {
            ByteBuffer[] empty = {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)};
            assertEquals(0, pair.client().write(empty));
            assertEquals(0, pair.client().write(new ByteBuffer[0]));
            Io.write(pair.client(), "x");
            assertEquals(0, pair.server().read(empty));
            assertEquals(0, pair.server().read(new ByteBuffer[0]));
            assertEquals("x", Io.read(pair.server(), 1));
        }
    }

    @Test
    void aScatteringReadAtTheEndReturnsMinusOne() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "z");
            pair.client().shutdownOutput();
            ByteBuffer[] buffers = {ByteBuffer.allocate(4), ByteBuffer.allocate(4)};
            assertEquals(1, pair.server().read(buffers));
            assertEquals(-1, pair.server().read(buffers));
            assertEquals(1, buffers[0].position());
        }
    }

    @Test
    void rangesOutsideTheArrayAreRefused() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SocketChannel client = pair.client();
            ByteBuffer[] two = {Io.bytes("a"), Io.bytes("b")};
            assertThrows(IndexOutOfBoundsException.class, () -> client.write(two, -1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> client.write(two, 1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> client.write(two, 3, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> client.read(two, 0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> client.read(two, 0, 3));
            assertEquals(2, client.write(two));
            assertEquals("ab", Io.read(pair.server(), 2));
        }
    }

    @Test
    void aReadOnlyBufferAmongOthersIsRefusedBeforeAnythingIsRead() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "ab");
            ByteBuffer[] buffers = {
                ByteBuffer.allocate(1), ByteBuffer.allocate(1).asReadOnlyBuffer()
            };
            assertThrows(IllegalArgumentException.class, () -> pair.server().read(buffers));
            assertEquals(0, buffers[0].position());
            assertEquals("ab", Io.read(pair.server(), 2));
        }
    }

    @Test
    void aNullAmongTheBuffersIsRefused() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer[] withNull = new ByteBuffer[2];
            withNull[0] = ByteBuffer.allocate(1);
            assertThrows(NullPointerException.class, () -> pair.server().read(withNull));
            assertThrows(NullPointerException.class, () -> pair.client().write(withNull));
        }
    }

    @Test
    void moreBuffersThanOneSystemCallTakesArriveInOrder() throws Exception {
        int count = 3000;
        try (TcpPair pair = TcpPair.open()) {
            SeededBytes sent = new SeededBytes(5);
            ByteBuffer[] buffers = new ByteBuffer[count];
            for (int i = 0; i < count; i++) {
                buffers[i] = sent.next(10);
            }
            int next = 0;
            while (next < count) {
                assertTrue(pair.client().write(buffers, next, count - next) > 0);
                while (next < count && !buffers[next].hasRemaining()) {
                    next++;
                }
            }
            ByteBuffer all = ByteBuffer.allocate(10 * count);
            Io.fill(pair.server(), all);
            new SeededBytes(5).check(all.flip());
        }
    }

    @Test
    void aGatheringWriteStopsInTheMiddleOfABufferWhenThePeerIsFull() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            SeededBytes sent = new SeededBytes(6);
            ByteBuffer[] buffers = new ByteBuffer[16];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = sent.next(1_000_000);
            }
            SeededBytes received = new SeededBytes(6);
            ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
            Await.until("everything is written and read", () -> {
                pair.client().write(buffers);
                while (pair.server().read(in.clear()) > 0) {
                    received.check(in.flip());
                }
                return received.position() == 16_000_000;
            });
            assertTrue(Arrays.stream(buffers).noneMatch(ByteBuffer::hasRemaining));
        }
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate().flip()).toString();
    }
}
