package io.ringway.wire;

/**
 * Numbers of received headers, which are big-endian words on the heap. Offsets are multiples of the number's size, 4 at
 * most.
 */
final class NetworkOrder {
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
}
