package io.ringway.wire;

import java.lang.foreign.MemorySegment;

/** The IPv6 header (RFC 8200) without extension headers. Super-segments have payload length 0, as Linux writes them. */
public final class Ipv6 {
    static final int SOURCE = 8;
    static final int DESTINATION = 24;
    private static final int HOP_LIMIT = 64;
    private static final int MAX_PAYLOAD = 0xffff;

    private Ipv6() {}

    static int validate(MemorySegment s, int available, int total) {
        if (available < Ip.V6_HEADER) {
            return -1;
        }
        int payload = total - Ip.V6_HEADER;
        int declared = NetworkOrder.u16(s, 4);
        boolean lengthFits = declared == payload || (declared == 0 && payload > MAX_PAYLOAD);
        return lengthFits && NetworkOrder.u8(s, 6) == Ip.PROTOCOL_TCP ? Ip.V6_HEADER : -1;
    }

    /** Writes a TCP packet's header at {@code at}; {@code total} counts this header too. */
    public static void write(
            MemorySegment s,
            long at,
            int total,
            int trafficClass,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        int payload = total - Ip.V6_HEADER;
        NetworkOrder.i32(s, at, 6 << 28 | trafficClass << 20);
        NetworkOrder.u16(s, at + 4, payload > MAX_PAYLOAD ? 0 : payload);
        NetworkOrder.u8(s, at + 6, Ip.PROTOCOL_TCP);
        NetworkOrder.u8(s, at + 7, HOP_LIMIT);
        NetworkOrder.i64(s, at + SOURCE, sourceHigh);
        NetworkOrder.i64(s, at + SOURCE + 8, sourceLow);
        NetworkOrder.i64(s, at + DESTINATION, destinationHigh);
        NetworkOrder.i64(s, at + DESTINATION + 8, destinationLow);
    }
}
