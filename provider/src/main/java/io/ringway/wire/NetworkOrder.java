package io.ringway.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Numbers in network byte order at any offset of a segment. */
final class NetworkOrder {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private NetworkOrder() {}

    static int u8(MemorySegment s, long offset) {
        return s.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    static int u16(MemorySegment s, long offset) {
        return s.get(SHORT, offset) & 0xffff;
    }

    static int i32(MemorySegment s, long offset) {
        return s.get(INT, offset);
    }

    static long i64(MemorySegment s, long offset) {
        return s.get(LONG, offset);
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
