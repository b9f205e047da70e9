package io.ringway.stack;

import io.ringway.nic.Link;
import io.ringway.nic.offload.DescriptorList;
import io.ringway.stack.tcp.Opening;
import io.ringway.stack.tcp.Pieces;
import io.ringway.stack.tcp.Segment;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;
import io.ringway.wire.TcpOption;
import java.lang.foreign.MemorySegment;

/** Validates a frame and takes it apart, always into the same {@link Segment}. Owner only. */
final class SegmentParser {
    private static final int MEMORIES = 16;

    private final Segment segment = new Segment();
    private final Pieces pieces = new Pieces(MEMORIES);
    private final MemoryView[] views = new MemoryView[MEMORIES];
    private int nextView;
    private MemoryView last = new MemoryView(MemorySegment.ofArray(new byte[1]));

    Segment segment() {
        return segment;
    }

    /** Takes an aggregated segment apart (M11); its checksums were verified before. */
    boolean parse(Link source, long[] headers, int headerLength, DescriptorList payload) {
        if (!parse(source, headers, headerLength, payload.bytes())) {
            return false;
        }
        pieces.clear();
        for (int i = 0; i < payload.size(); i++) {
            pieces.add(payload, i, view(payload.memory(i)));
        }
        segment.pieces = pieces;
        return true;
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
        if (!parse(source, headers, headerLength, payloadLength)) {
            return false;
        }
        s.payloadOffset = payloadOffset;
        s.view = payloadLength == 0 ? null : view(payload);
        return true;
    }

    private boolean parse(Link source, long[] headers, int headerLength, int payloadLength) {
        Segment s = segment;
        s.source = source;
        s.length = payloadLength;
        return PlainHeaders.parse(s, headers, headerLength, payloadLength) || parseAny(s, headers, headerLength);
    }

    private static boolean parseAny(Segment s, long[] headers, int headerLength) {
        int ip = Ip.validate(headers, headerLength, headerLength + s.length);
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
        return true;
    }

    private static void addresses(Segment s, long[] headers) {
        s.sourceHigh = Ip.sourceHigh(headers);
        s.sourceLow = Ip.sourceLow(headers);
        s.destinationHigh = Ip.destinationHigh(headers);
        s.destinationLow = Ip.destinationLow(headers);
    }

    /** The memories that frames come from are few and long-lived; each port hands out the same object for the same one. */
    @SuppressWarnings("MemorySegmentReferenceEquality")
    MemoryView view(MemorySegment memory) {
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
