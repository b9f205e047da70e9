package io.ringway.compat.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadWriteTest {
    @ParameterizedTest
    @EnumSource
    void bothDirectionsCarryBytesOverEveryLoopback(Loopback loopback) throws Exception {
        try (TcpPair pair = TcpPair.open(loopback)) {
            for (int i = 0; i < 100; i++) {
                Io.pingPong(pair);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "1, false",
        "63, true",
        "128, true",
        "129, false",
        "1448, true",
        "1461, false",
        "4096, true",
        "16384, false",
        "65535, true",
        "65536, false",
        "65537, true",
        "1000003, false",
        "3000000, true",
    })
    void aMessageOfAnySizeArrivesUnchanged(int size, boolean direct) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer out = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
            new SeededBytes(size).fill(out);
            out.flip();
            try (Background<@Nullable Void> writer = Background.run(() -> Io.write(pair.client(), out))) {
                ByteBuffer in = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
                Io.fill(pair.server(), in);
                new SeededBytes(size).check(in.flip());
                writer.result();
            }
        }
    }

    @Test
    void aBlockingReadReturnsWhatIsThereWithoutFillingTheBuffer() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "abc");
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertEquals(3, pair.server().read(buffer));
            assertEquals(3, buffer.position());
            assertEquals(100, buffer.limit());
        }
    }

    @Test
    void aBlockingReadWaitsForData() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<String> reader = Background.start(() -> Io.read(pair.server(), 4))) {
            reader.awaitInside("read");
            Io.write(pair.client(), "late");
            assertEquals("late", reader.result());
        }
    }

    @Test
    void aNonBlockingReadReturnsZeroUntilDataComes() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            for (int i = 0; i < 100; i++) {
                assertEquals(0, pair.server().read(buffer));
            }
            assertEquals(5, pair.client().write(Io.bytes("hello")));
            Await.until("five bytes", () -> {
                pair.server().read(buffer);
                return buffer.position() == 5;
            });
            assertEquals(0, pair.server().read(buffer));
        }
    }

    @Test
    void readsOfOneByteTakeAMessageApart() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SeededBytes sent = new SeededBytes(1);
            SeededBytes received = new SeededBytes(1);
            Io.write(pair.client(), sent.next(5000));
            for (int i = 0; i < 5000; i++) {
                ByteBuffer one = ByteBuffer.allocate(1);
                assertEquals(1, pair.server().read(one));
                received.check(one.flip());
            }
            pair.server().configureBlocking(false);
            assertEquals(0, pair.server().read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void manySmallWritesAreReadByOneLargeRead() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SeededBytes sent = new SeededBytes(2);
            for (int i = 0; i < 1000; i++) {
                assertEquals(7, pair.client().write(sent.next(7)));
            }
            ByteBuffer all = ByteBuffer.allocate(7000);
            Io.fill(pair.server(), all);
            new SeededBytes(2).check(all.flip());
        }
    }

    @Test
    void onlyWhatIsBetweenPositionAndLimitIsWritten() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer buffer = Io.bytes("0123456789").position(3).limit(7);
            assertEquals(4, pair.client().write(buffer));
            assertEquals(7, buffer.position());
            assertEquals(7, buffer.limit());
            assertEquals("3456", Io.read(pair.server(), 4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyWhatIsBetweenPositionAndLimitIsReadInto(boolean direct) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "abcdefghij");
            ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(10) : ByteBuffer.allocate(10);
            buffer.position(2).limit(6);
            assertEquals(4, pair.server().read(buffer));
            assertEquals(0, buffer.remaining());
            assertEquals(0, buffer.get(1));
            assertEquals('a', buffer.get(2));
            assertEquals('d', buffer.get(5));
            buffer.limit(10);
            assertEquals(0, buffer.get(6));
            assertEquals("efghij", Io.read(pair.server(), 6));
        }
    }

    @Test
    void aSliceWithAnOffsetIntoItsArrayIsWrittenAndReadInto() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer slice = Io.bytes("..payload..").slice(2, 7);
            assertEquals(7, pair.client().write(slice));
            byte[] array = new byte[20];
            ByteBuffer target = ByteBuffer.wrap(array, 5, 7).slice();
            Io.fill(pair.server(), target);
            assertEquals("payload", new String(array, 5, 7, UTF_8));
            assertEquals(0, array[4]);
            assertEquals(0, array[12]);
        }
    }

    @Test
    void readOnlyBuffersAreWrittenButNotReadInto() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            assertEquals(5, pair.client().write(Io.bytes("fixed").asReadOnlyBuffer()));
            assertEquals(
                    6,
                    pair.client()
                            .write(ByteBuffer.allocateDirect(6)
                                    .put(Io.bytes("direct"))
                                    .flip()
                                    .asReadOnlyBuffer()));
            ByteBuffer readOnly = ByteBuffer.allocate(5).asReadOnlyBuffer();
            assertThrows(IllegalArgumentException.class, () -> pair.server().read(readOnly));
            assertEquals("fixeddirect", Io.read(pair.server(), 11));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void emptyBuffersTransferNothingAndDontBlock(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking)) {
            assertEquals(0, pair.client().write(ByteBuffer.allocate(0)));
            assertEquals(0, pair.client().write(ByteBuffer.allocateDirect(8).limit(0)));
            Io.write(pair.client(), "x");
            assertEquals(0, pair.server().read(ByteBuffer.allocate(0)));
            assertEquals("x", Io.read(pair.server(), 1));
        }
    }

    @Test
    void nullBuffersAreRefused() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            SocketChannel client = pair.client();
            assertThrows(NullPointerException.class, () -> client.read(none()));
            assertThrows(NullPointerException.class, () -> client.write(none()));
            Io.pingPong(pair);
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static ByteBuffer none() {
        return null;
    }

    @Test
    void aReaderAndAWriterWorkOnOneChannelAtOnce() throws Exception {
        int total = 4_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> echo = Background.run(() -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(32 * 1024);
                    while (pair.server().read(buffer.clear()) >= 0) {
                        Io.write(pair.server(), buffer.flip());
                    }
                    pair.server().shutdownOutput();
                });
                Background<@Nullable Void> writer = Background.run(() -> {
                    SeededBytes sent = new SeededBytes(3);
                    while (sent.position() < total) {
                        Io.write(pair.client(), sent.next(Math.min(10_007, (int) (total - sent.position()))));
                    }
                    pair.client().shutdownOutput();
                })) {
            SeededBytes received = new SeededBytes(3);
            ByteBuffer buffer = ByteBuffer.allocate(50_000);
            while (pair.client().read(buffer.clear()) >= 0) {
                received.check(buffer.flip());
            }
            assertEquals(total, received.position());
            writer.result();
            echo.result();
        }
    }

    @Test
    void writersInTwoThreadsDontMixTheirBuffers() throws Exception {
        int each = 500;
        int size = 2_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> first = Background.run(() -> writeAll(pair.client(), 'a', each, size));
                Background<@Nullable Void> second = Background.run(() -> writeAll(pair.client(), 'b', each, size))) {
            int[] counts = new int[2];
            for (int i = 0; i < 2 * each; i++) {
                String message = Io.read(pair.server(), size);
                char letter = message.charAt(0);
                assertTrue(message.chars().allMatch(c -> c == letter), "two messages are mixed");
                counts[letter - 'a']++;
            }
            assertEquals(each, counts[0]);
            assertEquals(each, counts[1]);
            first.result();
            second.result();
        }
    }

    private static void writeAll(SocketChannel to, char letter, int count, int size) throws Exception {
        for (int i = 0; i < count; i++) {
            assertEquals(size, to.write(Io.bytes(String.valueOf(letter).repeat(size))));
        }
    }
}
