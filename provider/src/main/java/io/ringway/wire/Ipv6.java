package io.ringway.wire;

/** The IPv6 header (RFC 8200) without extension headers. Super-segments have payload length 0, as Linux writes them. */
public final class Ipv6 {
    static final int SOURCE = 8;
    static final int DESTINATION = 24;
    private static final int HOP_LIMIT = 64;
    private static final int MAX_PAYLOAD = 0xffff;

    /** What the first word says beside traffic class, flow label and hop limit. */
    static final long FIRST_MASK = 0xf000_0000_ffff_ff00L;

    private Ipv6() {}

    static int validate(long[] s, int available, int total) {
        if (available < Ip.V6_HEADER) {
            return -1;
        }
        int payload = total - Ip.V6_HEADER;
        int declared = NetworkOrder.u16(s, 4);
        boolean lengthFits = declared == payload || (declared == 0 && payload > MAX_PAYLOAD);
        return lengthFits && NetworkOrder.u8(s, 6) == Ip.PROTOCOL_TCP ? Ip.V6_HEADER : -1;
    }

    /** Version, traffic class, payload length, next header TCP, hop limit. */
    static long firstWord(int trafficClass, int payload) {
        return (6L << 28 | (long) trafficClass << 20) << 32 | (long) payload << 16 | Ip.PROTOCOL_TCP << 8 | HOP_LIMIT;
    }
}
