package io.ringway.wire;

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
    private static final int MAX_TOTAL = 0xffff;
    /** Time to live 64, protocol TCP, checksum 0, in the upper half of the second word. */
    static final long TIME_AND_PROTOCOL = (64L << 8 | Ip.PROTOCOL_TCP) << 48;

    /** What the first word says beside type of service and identification. */
    static final long FIRST_MASK = 0xff00_ffff_0000_ffffL;
    /** Protocol and source in the second word, without time to live and checksum. */
    static final long SECOND_MASK = 0x00ff_0000_ffff_ffffL;

    static final long PROTOCOL = (long) Ip.PROTOCOL_TCP << 48;

    private Ipv4() {}

    static int validate(long[] s, int available, int total) {
        int headerLength = (NetworkOrder.u8(s, 0) & 0xf) * 4;
        if (headerLength < Ip.V4_HEADER || headerLength > available) {
            return -1;
        }
        int declared = NetworkOrder.u16(s, 2);
        boolean lengthFits = declared == total || (declared == 0 && total > MAX_TOTAL);
        boolean whole = (NetworkOrder.u16(s, 6) & MORE_FRAGMENTS_OR_OFFSET) == 0;
        return lengthFits && whole && NetworkOrder.u8(s, 9) == Ip.PROTOCOL_TCP ? headerLength : -1;
    }

    /** Version, type of service, length and "don't fragment". */
    static long firstWord(int tos, int total) {
        return (long) VERSION_5_WORDS << 56 | (long) tos << 48 | (long) total << 32 | DONT_FRAGMENT;
    }
}
