package io.ringway.wire;

import io.ringway.memory.Words;

/** The options of a SYN: maximum segment size (RFC 9293, section 3.7.1) and window scale (RFC 7323, section 2). */
public final class TcpOption {
    /** Bytes that {@link #writeSyn} writes. */
    public static final int SYN_OPTIONS = 20;
    /** RFC 7323, section 2.3: larger values count as this. */
    public static final int MAX_WINDOW_SHIFT = 14;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int WINDOW_SCALE = 3;
    /** RFC 3692-style experiment 1 (RFC 4727) with an experiment identifier (RFC 6994). */
    private static final int EXPERIMENT = 253;

    private static final int READ_POSITION = 0x5257;

    private TcpOption() {}

    /**
     * Writes MSS, window scale and read position at {@code at}, {@link #SYN_OPTIONS} bytes in all.
     *
     * @param windowShift -1 for no offer of window scaling
     * @param readPosition where in the sender's memory the count of bytes that its program has read stands, 0 if nowhere
     */
    public static void writeSyn(Words s, long at, int maximumSegmentSize, int windowShift, long readPosition) {
        s.setNetworkInt(at, MAXIMUM_SEGMENT_SIZE << 24 | 4 << 16 | maximumSegmentSize & 0xffff);
        int three = windowShift < 0
                ? NO_OPERATION << 16 | NO_OPERATION << 8 | NO_OPERATION
                : WINDOW_SCALE << 16 | 3 << 8 | windowShift;
        s.setNetworkInt(at + 4, NO_OPERATION << 24 | three);
        s.setNetworkInt(at + 8, EXPERIMENT << 24 | 12 << 16 | READ_POSITION);
        s.setNetworkLong(at + 12, readPosition);
    }

    /** The read position option between {@code from} and {@code end}; 0 when there is none. */
    public static long readPosition(long[] s, int from, int end) {
        int at = find(s, from, end, EXPERIMENT, 12);
        return at < 0 || unaligned16(s, at + 2) != READ_POSITION ? 0 : unaligned64(s, at + 4);
    }

    /**
     * The maximum segment size option between {@code from} and {@code end}.
     *
     * @return the value, or {@code absent} when there is none
     */
    public static int maximumSegmentSize(long[] s, int from, int end, int absent) {
        int at = find(s, from, end, MAXIMUM_SEGMENT_SIZE, 4);
        return at < 0 ? absent : unaligned16(s, at + 2);
    }

    /**
     * The window scale option between {@code from} and {@code end}.
     *
     * @return the shift, 0 to 14, or -1 when there is none
     */
    public static int windowShift(long[] s, int from, int end) {
        int at = find(s, from, end, WINDOW_SCALE, 3);
        return at < 0 ? -1 : Math.min(NetworkOrder.u8(s, at + 2), MAX_WINDOW_SHIFT);
    }

    private static int unaligned16(long[] s, int at) {
        return NetworkOrder.u8(s, at) << 8 | NetworkOrder.u8(s, at + 1);
    }

    private static long unaligned64(long[] s, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | NetworkOrder.u8(s, at + i);
        }
        return value;
    }

    /** Walks the options; stops at the first malformed one. */
    private static int find(long[] s, int from, int end, int kind, int length) {
        int at = from;
        while (at < end) {
            int found = NetworkOrder.u8(s, at);
            if (found == END) {
                return -1;
            }
            if (found == NO_OPERATION) {
                at++;
                continue;
            }
            int size = at + 1 < end ? NetworkOrder.u8(s, at + 1) : 0;
            if (size < 2 || at + size > end) {
                return -1;
            }
            if (found == kind) {
                return size == length ? at : -1;
            }
            at += size;
        }
        return -1;
    }
}
