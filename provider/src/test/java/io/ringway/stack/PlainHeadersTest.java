package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.Headers;
import io.ringway.stack.tcp.Segment;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain headers say by whole words what they say by the accessors; all others are left to these. */
class PlainHeadersTest {
    private static final int LENGTH = Ip.V4_HEADER + Tcp.HEADER;
    private static final int PAYLOAD = 64;

    private static byte[] plain(Random random) {
        byte[] header = new byte[LENGTH];
        random.nextBytes(header);
        ByteBuffer b = ByteBuffer.wrap(header);
        b.put(0, (byte) 0x45).putShort(2, (short) (LENGTH + PAYLOAD)).putShort(6, (short) 0x4000);
        b.put(9, (byte) Ip.PROTOCOL_TCP).put(32, (byte) 0x50).put(33, (byte) (header[33] & ~Tcp.SYN));
        return header;
    }

    private static boolean parse(Segment s, byte[] header, int payload) {
        return PlainHeaders.parse(s, Headers.words(header), header.length, payload);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theySayWhatTheAccessorsSay(long seed) {
        byte[] header = plain(new Random(seed));
        long[] words = Headers.words(header);
        Segment s = new Segment();
        assertTrue(parse(s, header, PAYLOAD), "seed " + seed);
        assertEquals(Ip.V4_HEADER, Ip.validate(words, LENGTH, LENGTH + PAYLOAD));
        assertEquals(Tcp.HEADER, Tcp.validate(words, Ip.V4_HEADER, LENGTH));
        assertAll(
                "seed " + seed,
                () -> assertEquals(Ip.sourceHigh(words), s.sourceHigh),
                () -> assertEquals(Ip.sourceLow(words), s.sourceLow),
                () -> assertEquals(Ip.destinationHigh(words), s.destinationHigh),
                () -> assertEquals(Ip.destinationLow(words), s.destinationLow),
                () -> assertEquals(Tcp.sourcePort(words, Ip.V4_HEADER), s.sourcePort),
                () -> assertEquals(Tcp.destinationPort(words, Ip.V4_HEADER), s.destinationPort),
                () -> assertEquals(Tcp.sequence(words, Ip.V4_HEADER), s.seq),
                () -> assertEquals(Tcp.acknowledgment(words, Ip.V4_HEADER), s.ack),
                () -> assertEquals(Tcp.flags(words, Ip.V4_HEADER), s.flags),
                () -> assertEquals(Tcp.window(words, Ip.V4_HEADER), s.wnd));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x46, options of IP",
        "0, 0x65, version",
        "2, 0x01, length",
        "3, 0x69, length",
        "6, 0x20, more fragments",
        "7, 0x01, fragment offset",
        "9, 0x11, protocol",
        "32, 0x60, options of TCP",
        "32, 0x40, data offset",
        "33, 0x12, SYN",
    })
    void othersAreLeft(int at, String value, String what) {
        byte[] header = plain(new Random(1));
        header[at] = (byte) (int) Integer.decode(value);
        Segment s = new Segment();
        assertFalse(parse(s, header, PAYLOAD), what);
        assertEquals(0, s.sourcePort);
        assertEquals(0, s.seq);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 39, 41, 60})
    void soAreThoseOfAnotherLength(int length) {
        byte[] header = Arrays.copyOf(plain(new Random(1)), length);
        assertFalse(parse(new Segment(), header, PAYLOAD + LENGTH - length));
    }
}
