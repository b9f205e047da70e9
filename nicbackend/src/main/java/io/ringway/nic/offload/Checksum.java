package io.ringway.nic.offload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071). Sums are kept as 64-bit one's complement partial sums and folded at the end. */
public final class Checksum {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Checksum() {}

    /**
     * Adds bytes to a partial sum. Only the last piece of a packet may have an odd length (it is padded with a zero).
     *
     * @param sum the partial sum so far, 0 at the start
     */
    public static long add(long sum, MemorySegment s, long offset, long length) {
        long total = sum;
        long at = offset;
        long end = offset + length;
        for (; at + 4 <= end; at += 4) {
            total += s.get(INT, at) & 0xffff_ffffL;
        }
        if (at + 2 <= end) {
            total += s.get(SHORT, at) & 0xffff;
            at += 2;
        }
        if (at < end) {
            total += (s.get(ValueLayout.JAVA_BYTE, at) & 0xff) << 8;
        }
        return total;
    }

    /** Adds bytes of big-endian words; {@code from} and {@code length} are multiples of 4. */
    public static long add(long sum, long[] words, int from, int length) {
        long total = sum;
        for (int at = from; at < from + length; at += 4) {
            total += words[at >>> 3] >>> 32 - (at & 4) * 8 & 0xffff_ffffL;
        }
        return total;
    }

    /**
     * Adds a piece of a packet's payload that does not start at its beginning: at an odd {@code position} the bytes of
     * each 16-bit word change places (RFC 1071, section 2 (B)).
     *
     * @param position how many bytes of the same payload were added before
     */
    public static long addAt(long sum, int position, MemorySegment s, long offset, long length) {
        return addAt(sum, position, add(0, s, offset, length));
    }

    /** The same for a piece whose own partial sum is known. */
    public static long addAt(long sum, int position, long piece) {
        if ((position & 1) == 0) {
            return sum + (piece & 0xffff_ffffL) + (piece >>> 32);
        }
        int folded = ~fold(piece) & 0xffff;
        return sum + ((folded & 0xff) << 8 | folded >>> 8);
    }

    /**
     * The checksum after one 16-bit word of what it covers has changed (RFC 1624, equation 3).
     *
     * @param checksum the field's value before
     */
    public static int update(int checksum, int before, int after) {
        return fold((~checksum & 0xffff) + (~before & 0xffff) + after);
    }

    /** Adds a 64-bit number in network order, an address for instance. */
    public static long add(long sum, long value) {
        return sum + (value >>> 32) + (value & 0xffff_ffffL);
    }

    /** The checksum field's value for a partial sum; a packet whose sum includes a right checksum folds to 0. */
    public static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded >>> 16) + (folded & 0xffff);
        }
        return (int) ~folded & 0xffff;
    }
}
