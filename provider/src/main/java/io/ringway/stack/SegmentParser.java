package io.ringway.stack;

import io.ringway.nic.Link;
import io.ringway.nic.offload.Checksum;
import io.ringway.stack.tcp.Opening;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.SegmentWriter;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;
import io.ringway.wire.TcpOption;
import java.lang.foreign.MemorySegment;

/** Validates a frame and takes it apart, always into the same {@link Segment}. Owner only. */
final class SegmentParser {
    private static final int MEMORIES = 16;

    private final Segment segment = new Segment();
    private final boolean trustChecksums;
    private final MemoryView[] views = new MemoryView[MEMORIES];
    private int nextView;
    private MemoryView last = new MemoryView(MemorySegment.ofArray(new byte[1]));

    SegmentParser(boolean trustChecksums) {
        this.trustChecksums = trustChecksums;
    }

    Segment segment() {
        return segment;
    }

    /** False if this is no TCP/IP packet, or a broken one. */
    boolean parse(
            Link source,
            long[] headers,
            int headerLength,
            MemorySegment payload,
            long payloadOffset,
            int payloadLength) {
        Segment s = segment;
        int ip = Ip.validate(headers, headerLength, headerLength + payloadLength);
        if (ip < 0) {
            return false;
        }
        int tcp = Tcp.validate(headers, ip, headerLength);
        if (tcp < 0) {
            return false;
        }
        addresses(s, headers);
        s.sourcePort = Tcp.sourcePort(headers, ip);
        s.destinationPort = Tcp.destinationPort(headers, ip);
        s.flags = Tcp.flags(headers, ip);
        s.seq = Tcp.sequence(headers, ip);
        s.ack = Tcp.acknowledgment(headers, ip);
        s.wnd = Tcp.window(headers, ip);
        if ((s.flags & Tcp.SYN) != 0) {
            s.mss = TcpOption.maximumSegmentSize(headers, ip + Tcp.HEADER, headerLength, Opening.DEFAULT_MSS);
            s.windowShift = TcpOption.windowShift(headers, ip + Tcp.HEADER, headerLength);
            s.readPosition = TcpOption.readPosition(headers, ip + Tcp.HEADER, headerLength);
        }
        s.source = source;
        s.length = payloadLength;
        s.payloadOffset = payloadOffset;
        s.view = payloadLength == 0 ? null : view(payload);
        return trustChecksums || checksumsRight(s, headers, ip, tcp, payload);
    }

    private static void addresses(Segment s, long[] headers) {
        s.sourceHigh = Ip.sourceHigh(headers);
        s.sourceLow = Ip.sourceLow(headers);
        s.destinationHigh = Ip.destinationHigh(headers);
        s.destinationLow = Ip.destinationLow(headers);
    }

    private static boolean checksumsRight(Segment s, long[] headers, int ip, int tcp, MemorySegment payload) {
        if (Ip.isV4(headers) && Checksum.fold(Checksum.add(0, headers, 0, ip)) != 0) {
            return false;
        }
        long sum = SegmentWriter.pseudoHeader(
                s.sourceHigh, s.sourceLow, s.destinationHigh, s.destinationLow, tcp + s.length);
        sum = Checksum.add(sum, headers, ip, tcp);
        return Checksum.fold(Checksum.add(sum, payload, s.payloadOffset, s.length)) == 0;
    }

    /** The memories that frames come from are few and long-lived; each port hands out the same object for the same one. */
    @SuppressWarnings("MemorySegmentReferenceEquality")
    private MemoryView view(MemorySegment memory) {
        if (last.segment() == memory) {
            return last;
        }
        for (MemoryView v : views) {
            if (v != null && v.segment() == memory) {
                last = v;
                return v;
            }
        }
        MemoryView v = new MemoryView(memory);
        views[nextView++ % MEMORIES] = v;
        last = v;
        return v;
    }
}
