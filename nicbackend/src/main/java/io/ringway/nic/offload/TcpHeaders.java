package io.ringway.nic.offload;

/**
 * Where the parts of a TCP/IP packet's headers are, for the pipelines: found once per packet, always into the same
 * object. What the stack checks later is not checked here; what the pipelines rely on is.
 */
final class TcpHeaders {
    /** Longest headers that are looked at: IPv6 with extension headers, or IPv4 with options, and TCP with options. */
    static final int MOST = 240;

    static final int FIN = 1;
    static final int SYN = 1 << 1;
    static final int RST = 1 << 2;
    static final int PSH = 1 << 3;
    static final int ACK = 1 << 4;
    static final int URG = 1 << 5;
    static final int ECE = 1 << 6;
    static final int CWR = 1 << 7;

    static final int V4_LENGTH = 2;
    static final int V4_IDENTIFICATION = 4;
    static final int V4_FRAGMENT = 6;
    static final int V4_CHECKSUM = 10;
    static final int V6_LENGTH = 4;
    static final int SEQUENCE = 4;
    static final int ACKNOWLEDGMENT = 8;
    static final int FLAGS = 13;
    static final int WINDOW = 14;
    static final int CHECKSUM = 16;
    static final int TCP_HEADER = 20;
    static final int V4_HEADER = 20;
    static final int V6_HEADER = 40;

    private static final int PROTOCOL_TCP = 6;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
    private static final int FRAGMENT_OFFSET = 0x1fff;
    private static final int MAX_LENGTH = 0xffff;

    /** What a packet is. */
    enum Kind {
        /** A whole TCP segment in IPv4 or IPv6; all fields below hold. */
        TCP,
        /** The same behind IPv4 options or IPv6 extension headers, which end before {@link TcpHeaders#tcp}. */
        TCP_BEHIND_MORE,
        /** A piece of a packet; {@link TcpHeaders#tcp} is 0 where the ports are in another piece. */
        FRAGMENT,
        /** Anything else, or lengths that can't be. */
        OTHER
    }

    boolean v4;
    /** Where the TCP header starts. */
    int tcp;

    int tcpLength;
    int flags;

    /**
     * @param length bytes of headers in {@code words}, a multiple of 4
     * @param payload bytes behind them
     */
    Kind find(long[] words, int length, long payload) {
        tcp = 0;
        if (length < V4_HEADER || length > MOST || (length & 3) != 0 || length > words.length * Long.BYTES) {
            return Kind.OTHER;
        }
        int version = HeaderWords.u8(words, 0) >>> 4;
        v4 = version == 4;
        return v4 ? findV4(words, length, payload) : version == 6 ? findV6(words, length, payload) : Kind.OTHER;
    }

    private Kind findV4(long[] words, int length, long payload) {
        int header = (HeaderWords.u8(words, 0) & 0xf) * 4;
        int fragment = HeaderWords.u16(words, V4_FRAGMENT);
        if (header < V4_HEADER || HeaderWords.u8(words, 9) != PROTOCOL_TCP) {
            return Kind.OTHER;
        }
        if ((fragment & MORE_FRAGMENTS_OR_OFFSET) != 0) {
            tcp = (fragment & FRAGMENT_OFFSET) == 0 && header + TCP_HEADER <= length ? header : 0;
            return Kind.FRAGMENT;
        }
        if (!isLength(HeaderWords.u16(words, V4_LENGTH), length + payload)) {
            return Kind.OTHER;
        }
        return findTcp(words, header, length, header == V4_HEADER);
    }

    private Kind findV6(long[] words, int length, long payload) {
        if (length < V6_HEADER || !isLength(HeaderWords.u16(words, V6_LENGTH), length - V6_HEADER + payload)) {
            return Kind.OTHER;
        }
        int next = HeaderWords.u8(words, 6);
        int at = V6_HEADER;
        while (next != PROTOCOL_TCP) {
            if (at + 8 > length) {
                return Kind.OTHER;
            }
            boolean routed = next == ROUTING && HeaderWords.u8(words, at + 3) == 0;
            if (next == FRAGMENT) {
                boolean first = HeaderWords.u16(words, at + 2) >>> 3 == 0 && HeaderWords.u8(words, at) == PROTOCOL_TCP;
                tcp = first && at + 8 + TCP_HEADER <= length ? at + 8 : 0;
                return Kind.FRAGMENT;
            }
            if (next != HOP_BY_HOP && next != DESTINATION_OPTIONS && !routed) {
                return Kind.OTHER;
            }
            next = HeaderWords.u8(words, at);
            at += (HeaderWords.u8(words, at + 1) + 1) * 8;
        }
        return findTcp(words, at, length, at == V6_HEADER);
    }

    private static boolean isLength(int declared, long real) {
        return declared == real || declared == 0 && real > MAX_LENGTH;
    }

    private Kind findTcp(long[] words, int at, int length, boolean plain) {
        if (at + TCP_HEADER > length) {
            return Kind.OTHER;
        }
        int header = (HeaderWords.u8(words, at + 12) >>> 4) * 4;
        if (header < TCP_HEADER || at + header != length) {
            return Kind.OTHER;
        }
        tcp = at;
        tcpLength = header;
        flags = HeaderWords.u8(words, at + FLAGS);
        return plain ? Kind.TCP : Kind.TCP_BEHIND_MORE;
    }

    /** The pseudo-header's addresses and protocol, without the length (RFC 9293, section 3.1; RFC 8200, section 8.1). */
    long pseudoHeader(long[] words) {
        int addresses = v4 ? 12 : 8;
        return Checksum.add(PROTOCOL_TCP, words, addresses, v4 ? 8 : 32);
    }

    /** Writes the packet's length as it now is; what doesn't fit the field is 0, as in a super-segment of Linux. */
    void length(long[] words, long total) {
        long value = v4 ? total : total - V6_HEADER;
        HeaderWords.u16(words, v4 ? V4_LENGTH : V6_LENGTH, value > MAX_LENGTH ? 0 : (int) value);
    }

    /** Whether headers and payload agree with their checksums. */
    boolean checksumsRight(long[] words, long payloadSum, int payload) {
        return (!v4 || Checksum.fold(Checksum.add(0, words, 0, tcpStartOfV4(words))) == 0)
                && Checksum.fold(tcpSum(words, payload) + payloadSum) == 0;
    }

    private static int tcpStartOfV4(long[] words) {
        return (HeaderWords.u8(words, 0) & 0xf) * 4;
    }

    /** The partial sum of pseudo-header and TCP header, its checksum field included. */
    long tcpSum(long[] words, int payload) {
        return Checksum.add(pseudoHeader(words) + tcpLength + payload, words, tcp, tcpLength);
    }
}
