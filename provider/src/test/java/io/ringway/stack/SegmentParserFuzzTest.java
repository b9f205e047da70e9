package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.stack.memory.Headers;
import io.ringway.stack.memory.Script;
import io.ringway.stack.tcp.Segment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Any headers, of any length, before any payload. */
class SegmentParserFuzzTest {
    private static final int LONGEST = 240;
    private static final int PAYLOAD = 1 << 17;
    private static final MemorySegment MEMORY = Arena.global().allocate(PAYLOAD);

    private final SegmentParser parser = new SegmentParser();

    @FuzzTest(maxDuration = "60s")
    void anyFrameIsTakenApartOrRefused(byte[] input) {
        Script script = new Script(input);
        int shape = script.u8();
        int payload = (shape & 1) == 0 ? 0 : script.u16() << (shape >>> 1 & 1);
        byte[] header = script.take(LONGEST);
        if ((shape & 4) != 0) {
            makeLengthsRight(header, payload);
        }
        if (parse(parser, header, payload)) {
            compare(parser.segment(), ByteBuffer.wrap(header), payload);
        }
    }

    private static boolean parse(SegmentParser parser, byte[] header, int payload) {
        // The payload ends with its memory, and the headers with their array: nothing behind them can be read.
        return parser.parse(null, Headers.words(header), header.length, MEMORY, PAYLOAD - payload, payload);
    }

    private static void compare(Segment s, ByteBuffer header, int payload) {
        boolean v4 = header.get(0) >>> 4 == 4;
        int tcp = v4 ? (header.get(0) & 15) * 4 : 40;
        assertEquals(header.getShort(tcp) & 0xffff, s.sourcePort);
        assertEquals(header.getShort(tcp + 2) & 0xffff, s.destinationPort);
        assertEquals(header.getInt(tcp + 4), s.seq);
        assertEquals(header.getInt(tcp + 8), s.ack);
        assertEquals(header.get(tcp + 13) & 0x3f, s.flags);
        assertEquals(header.getShort(tcp + 14) & 0xffff, s.wnd);
        assertEquals(payload, s.length);
        assertEquals(v4 ? 0 : header.getLong(8), s.sourceHigh);
        assertEquals(v4 ? mapped(header.getInt(12)) : header.getLong(16), s.sourceLow);
        assertEquals(v4 ? 0 : header.getLong(24), s.destinationHigh);
        assertEquals(v4 ? mapped(header.getInt(16)) : header.getLong(32), s.destinationLow);
    }

    private static long mapped(int address) {
        return 0xffffL << 32 | address & 0xffff_ffffL;
    }

    /** So that fuzzing gets past the first checks. */
    private static void makeLengthsRight(byte[] header, int payload) {
        if (header.length < 40) {
            return;
        }
        ByteBuffer b = ByteBuffer.wrap(header);
        boolean v4 = header[0] >>> 4 == 4;
        int total = header.length + payload - (v4 ? 0 : 40);
        b.putShort(v4 ? 2 : 4, (short) (total > 0xffff ? 0 : total));
        int tcp = v4 ? (header[0] & 15) * 4 : 40;
        int left = header.length - tcp;
        if (left >= 20 && left <= 60) {
            header[tcp + 12] = (byte) (left / 4 << 4);
        }
    }
}
