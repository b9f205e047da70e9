package io.ringway.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers in network byte order: read from received headers, which are big-endian words on the heap, and written into
 * memory. In words, offsets are multiples of the number's size, 4 at most.
 */
final class NetworkOrder {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private NetworkOrder() {}

    static int u8(long[] words, int offset) {
        return (int) (words[offset >>> 3] >>> 56 - (offset & 7) * 8) & 0xff;
    }

    static int u16(long[] words, int offset) {
        return (int) (words[offset >>> 3] >>> 48 - (offset & 6) * 8) & 0xffff;
    }

    static int i32(long[] words, int offset) {
        return (int) (words[offset >>> 3] >>> 32 - (offset & 4) * 8);
    }

    static long i64(long[] words, int offset) {
        return (long) i32(words, offset) << 32 | i32(words, offset + 4) & 0xffff_ffffL;
    }

    static void u8(MemorySegment s, long offset, int value) {
        s.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    static void u16(MemorySegment s, long offset, int value) {
        s.set(SHORT, offset, (short) value);
    }

    static void i32(MemorySegment s, long offset, int value) {
        s.set(INT, offset, value);
    }

    static void i64(MemorySegment s, long offset, long value) {
        s.set(LONG, offset, value);
    }
}
