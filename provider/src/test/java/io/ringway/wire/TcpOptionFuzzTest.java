package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.stack.memory.Headers;
import java.nio.ByteBuffer;

/** Any bytes where TCP options should be, against a second, simpler reading of them. */
class TcpOptionFuzzTest {
    private static final int ABSENT = -7;

    @FuzzTest(maxDuration = "60s")
    void anyOptionsAreReadWithinTheirBounds(byte[] input) {
        int end = Math.min(input.length, Tcp.MAX_HEADER);
        int from = input.length == 0 ? 0 : Math.min(end, input[input.length - 1] & 0x3f);
        byte[] options = new byte[end];
        System.arraycopy(input, 0, options, 0, end);
        long[] words = Headers.words(options);
        byte[] mss = find(options, from, 2, 4);
        byte[] shift = find(options, from, 3, 3);
        byte[] position = find(options, from, 253, 12);
        boolean isPosition = position != null && ByteBuffer.wrap(position).getShort(2) == 0x5257;
        assertEquals(
                mss == null ? ABSENT : ByteBuffer.wrap(mss).getShort(2) & 0xffff,
                TcpOption.maximumSegmentSize(words, from, end, ABSENT));
        assertEquals(shift == null ? -1 : Math.min(shift[2] & 0xff, 14), TcpOption.windowShift(words, from, end));
        assertEquals(isPosition ? ByteBuffer.wrap(position).getLong(4) : 0, TcpOption.readPosition(words, from, end));
    }

    /** The first option of this kind, if it has this length and only whole options stand before it. */
    private static byte[] find(byte[] options, int from, int kind, int length) {
        for (int at = from; at < options.length && options[at] != 0; ) {
            if (options[at] == 1) {
                at++;
                continue;
            }
            if (at + 1 == options.length) {
                return null;
            }
            int size = options[at + 1] & 0xff;
            if (size < 2 || size > options.length - at) {
                return null;
            }
            if ((options[at] & 0xff) == kind) {
                return size == length ? java.util.Arrays.copyOfRange(options, at, at + size) : null;
            }
            at += size;
        }
        return null;
    }
}
