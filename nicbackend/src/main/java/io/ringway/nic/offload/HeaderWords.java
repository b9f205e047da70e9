package io.ringway.nic.offload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Headers on the heap as big-endian words, the first byte uppermost. Offsets are multiples of the number's size, 4 at most. */
final class HeaderWords {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private HeaderWords() {}

    static int u8(long[] words, int at) {
        return (int) (words[at >>> 3] >>> 56 - (at & 7) * 8) & 0xff;
    }

    static int u16(long[] words, int at) {
        return (int) (words[at >>> 3] >>> 48 - (at & 6) * 8) & 0xffff;
    }

    static int i32(long[] words, int at) {
        return (int) (words[at >>> 3] >>> 32 - (at & 4) * 8);
    }

    static void u8(long[] words, int at, int value) {
        set(words, at, 56 - (at & 7) * 8, 0xff, value);
    }

    static void u16(long[] words, int at, int value) {
        set(words, at, 48 - (at & 6) * 8, 0xffff, value);
    }

    static void i32(long[] words, int at, int value) {
        set(words, at, 32 - (at & 4) * 8, 0xffff_ffffL, value);
    }

    private static void set(long[] words, int at, int shift, long mask, int value) {
        int word = at >>> 3;
        words[word] = words[word] & ~(mask << shift) | (value & mask) << shift;
    }

    /** Whether {@code length} bytes at {@code at} are the same in both; both multiples of 4. */
    static boolean same(long[] a, long[] b, int at, int length) {
        for (int i = at; i < at + length; i += 4) {
            if (i32(a, i) != i32(b, i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes headers out of memory; {@code length} is a multiple of 4. */
    static void read(long[] words, MemorySegment memory, long at, int length) {
        for (int i = 0; i < length; i += 4) {
            i32(words, i, memory.get(INT, at + i));
        }
    }

    /** Puts headers into memory; {@code length} is a multiple of 4. */
    static void write(long[] words, MemorySegment memory, long at, int length) {
        for (int i = 0; i < length; i += 4) {
            memory.set(INT, at + i, i32(words, i));
        }
    }
}
