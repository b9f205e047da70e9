package io.ringway.wire;

import io.ringway.memory.Words;

/**
 * What stays the same in the IP and TCP headers that one side of a connection sends: addresses and ports, ready as words.
 * Writes whole headers with as few stores as they have words. Immutable, any thread.
 */
public final class HeaderTemplate {
    private static final int MAX_LENGTH = 0xffff;

    private final boolean v4;
    private final long sourceHigh;
    private final long sourceLow;
    private final long destinationHigh;
    private final long destinationLow;
    private final int ports;

    public HeaderTemplate(
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort) {
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.destinationHigh = destinationHigh;
        this.destinationLow = destinationLow;
        v4 = sourceHigh == 0 && sourceLow >>> 32 == Ip.V4_MAPPED >>> 32;
        ports = sourcePort << 16 | destinationPort;
    }

    /** Bytes of the IP header. */
    public int ipLength() {
        return v4 ? Ip.V4_HEADER : Ip.V6_HEADER;
    }

    public boolean isV4() {
        return v4;
    }

    /**
     * Whether these are the headers of a packet that comes the other way, as plain as {@link #write} makes them: no options,
     * no fragment. Traffic class, identification, flow label, time to live and checksums may be any.
     *
     * @param words as a device queue hands them over, of a TCP packet without options
     */
    public boolean isAnsweredBy(long[] words, int headerLength, int payloadLength) {
        int answer = ports << 16 | ports >>> 16;
        if (v4) {
            int total = headerLength + payloadLength;
            return headerLength == Ip.V4_HEADER + Tcp.HEADER
                    && (words[0] & Ipv4.FIRST_MASK) == Ipv4.firstWord(0, total > MAX_LENGTH ? 0 : total)
                    && (words[1] & Ipv4.SECOND_MASK) == (Ipv4.PROTOCOL | destinationLow & 0xffff_ffffL)
                    && words[2] == (sourceLow << 32 | answer & 0xffff_ffffL);
        }
        int payload = headerLength - Ip.V6_HEADER + payloadLength;
        return headerLength == Ip.V6_HEADER + Tcp.HEADER
                && (words[0] & Ipv6.FIRST_MASK)
                        == (Ipv6.firstWord(0, payload > MAX_LENGTH ? 0 : payload) & Ipv6.FIRST_MASK)
                && words[1] == destinationHigh
                && words[2] == destinationLow
                && words[3] == sourceHigh
                && words[4] == sourceLow
                && (int) (words[5] >>> 32) == answer;
    }

    /**
     * Writes the IP header and the first {@link Tcp#HEADER} bytes of the TCP header, checksums 0.
     *
     * @param total bytes of the whole packet; more than fits the field is written as 0, as Linux writes super-segments
     * @param control from {@link Tcp#control}
     */
    public void write(Words s, long at, int trafficClass, int total, int seq, int ack, int control) {
        if (v4) {
            s.setNetworkLong(at, Ipv4.firstWord(trafficClass, total > MAX_LENGTH ? 0 : total));
            s.setNetworkLong(at + 8, Ipv4.TIME_AND_PROTOCOL | sourceLow & 0xffff_ffffL);
            s.setNetworkLong(at + 16, destinationLow << 32 | ports & 0xffff_ffffL);
            s.setNetworkLong(at + 24, (long) seq << 32 | ack & 0xffff_ffffL);
            s.setNetworkLong(at + 32, (long) control << 32);
        } else {
            int payload = total - Ip.V6_HEADER;
            s.setNetworkLong(at, Ipv6.firstWord(trafficClass, payload > MAX_LENGTH ? 0 : payload));
            s.setNetworkLong(at + 8, sourceHigh);
            s.setNetworkLong(at + 16, sourceLow);
            s.setNetworkLong(at + 24, destinationHigh);
            s.setNetworkLong(at + 32, destinationLow);
            s.setNetworkLong(at + 40, (long) ports << 32 | seq & 0xffff_ffffL);
            s.setNetworkLong(at + 48, (long) ack << 32 | control & 0xffff_ffffL);
            s.setNetworkInt(at + 56, 0);
        }
    }
}
