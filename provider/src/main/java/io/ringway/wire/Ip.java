package io.ringway.wire;

/** What IPv4 and IPv6 headers have in common, told apart by the version field. */
public final class Ip {
    public static final int PROTOCOL_TCP = 6;
    public static final int V4_HEADER = 20;
    public static final int V6_HEADER = 40;
    /** The high half of a v4-mapped address is 0, the low half starts with this. */
    public static final long V4_MAPPED = 0xffffL << 32;

    private Ip() {}

    /**
     * Checks the header at offset 0 against the packet's true size.
     *
     * @param available bytes of headers that are really there
     * @param total bytes of the whole packet, payload included
     * @return the IP header's length, or -1 if this is no well-formed TCP/IP packet without fragments and extension headers
     */
    public static int validate(long[] s, int available, int total) {
        if (available < V4_HEADER) {
            return -1;
        }
        return switch (NetworkOrder.u8(s, 0) >>> 4) {
            case 4 -> Ipv4.validate(s, available, total);
            case 6 -> Ipv6.validate(s, available, total);
            default -> -1;
        };
    }

    public static boolean isV4(long[] s) {
        return NetworkOrder.u8(s, 0) >>> 4 == 4;
    }

    public static long sourceHigh(long[] s) {
        return isV4(s) ? 0 : NetworkOrder.i64(s, Ipv6.SOURCE);
    }

    public static long sourceLow(long[] s) {
        return isV4(s) ? mapped(NetworkOrder.i32(s, Ipv4.SOURCE)) : NetworkOrder.i64(s, Ipv6.SOURCE + 8);
    }

    public static long destinationHigh(long[] s) {
        return isV4(s) ? 0 : NetworkOrder.i64(s, Ipv6.DESTINATION);
    }

    public static long destinationLow(long[] s) {
        return isV4(s) ? mapped(NetworkOrder.i32(s, Ipv4.DESTINATION)) : NetworkOrder.i64(s, Ipv6.DESTINATION + 8);
    }

    private static long mapped(int v4) {
        return V4_MAPPED | (v4 & 0xffff_ffffL);
    }
}
