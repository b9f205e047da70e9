package io.ringway.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header (RFC 791) without options. A super-segment longer than 65,535 bytes has total length 0, as Linux
 * writes it; its length is then the frame's.
 */
public final class Ipv4 {
    static final int SOURCE = 12;
    static final int DESTINATION = 16;
    private static final int VERSION_5_WORDS = 0x45;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
    private static final int TTL = 64;
    private static final int MAX_TOTAL = 0xffff;

    private Ipv4() {}

    static int validate(MemorySegment s, int available, int total) {
        int headerLength = (NetworkOrder.u8(s, 0) & 0xf) * 4;
        if (headerLength < Ip.V4_HEADER || headerLength > available) {
            return -1;
        }
        int declared = NetworkOrder.u16(s, 2);
        boolean lengthFits = declared == total || (declared == 0 && total > MAX_TOTAL);
        boolean whole = (NetworkOrder.u16(s, 6) & MORE_FRAGMENTS_OR_OFFSET) == 0;
        return lengthFits && whole && NetworkOrder.u8(s, 9) == Ip.PROTOCOL_TCP ? headerLength : -1;
    }

    /** Writes a TCP packet's header at {@code at}; the header checksum stays 0. */
    public static void write(MemorySegment s, long at, int total, int tos, int source, int destination) {
        NetworkOrder.u8(s, at, VERSION_5_WORDS);
        NetworkOrder.u8(s, at + 1, tos);
        NetworkOrder.u16(s, at + 2, total > MAX_TOTAL ? 0 : total);
        NetworkOrder.i32(s, at + 4, DONT_FRAGMENT);
        NetworkOrder.u8(s, at + 8, TTL);
        NetworkOrder.u8(s, at + 9, Ip.PROTOCOL_TCP);
        NetworkOrder.u16(s, at + 10, 0);
        NetworkOrder.i32(s, at + SOURCE, source);
        NetworkOrder.i32(s, at + DESTINATION, destination);
    }

    /** Sets the header checksum of the header at {@code at}. */
    public static void setChecksum(MemorySegment s, long at, int checksum) {
        NetworkOrder.u16(s, at + 10, checksum);
    }
}
