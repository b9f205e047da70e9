package io.ringway.nic.offload;

import io.ringway.nic.Link;
import io.ringway.nic.offload.TcpHeaders.Kind;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** In-order segments of one flow on their way to become one. Belongs to an {@link Aggregator}, which uses it again. */
final class SegmentCollection {
    /** The most payload of an aggregate: the payload of a super-segment. */
    static final int MOST_BYTES = 1 << 16;

    static final int MOST_PIECES = 64;
    private static final int HEADERS = 128;
    private static final int AT_END = TcpHeaders.PSH | TcpHeaders.FIN;
    private static final int V4_ADDRESSES = 12;
    private static final int V6_ADDRESSES = 8;
    private static final int ECN = 3;
    private static final int DSCP = 0xfc;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int FLOW_LABEL = 0xfffff;

    final long[] headers = new long[HEADERS / Long.BYTES];
    final DescriptorList payload = new DescriptorList(MOST_PIECES);
    private final TcpHeaders fields = new TcpHeaders();
    private @Nullable Link source;
    private int headerLength;
    private int nextSequence;
    private long payloadSum;
    private int endFlags;
    int segments;

    /** Whether headers of this length can be kept. */
    static boolean fits(int headerLength) {
        return headerLength <= HEADERS;
    }

    /** Begins anew with the headers of a plain TCP segment; its payload is appended next. */
    void start(Link from, long[] words, int length, int payloadLength) {
        source = from;
        headerLength = length;
        System.arraycopy(words, 0, headers, 0, Math.min(words.length, length + 7 >>> 3));
        if (fields.find(headers, length, payloadLength) != Kind.TCP) {
            throw new IllegalArgumentException("no TCP segment");
        }
        payload.clear();
        segments = 0;
        payloadSum = 0;
        endFlags = 0;
        nextSequence = HeaderWords.i32(headers, fields.tcp + TcpHeaders.SEQUENCE);
    }

    Link source() {
        Link link = source;
        if (link == null) {
            throw new IllegalStateException("not started");
        }
        return link;
    }

    int headerLength() {
        return headerLength;
    }

    boolean isBetweenSameAddresses(TcpHeaders f, long[] words) {
        return fields.v4 == f.v4 && HeaderWords.same(headers, words, f.v4 ? V4_ADDRESSES : V6_ADDRESSES, f.v4 ? 8 : 32);
    }

    boolean isOfFlow(TcpHeaders f, long[] words) {
        return HeaderWords.i32(headers, fields.tcp) == HeaderWords.i32(words, f.tcp)
                && isBetweenSameAddresses(f, words);
    }

    /** Why a plain segment of the flow can't join, or null if it can. */
    @Nullable
    CollectionEnd obstacle(Link from, TcpHeaders f, long[] words, int length) {
        if (from != source) {
            return CollectionEnd.OTHER_LINK;
        }
        if ((f.flags & (TcpHeaders.SYN | TcpHeaders.RST | TcpHeaders.URG)) != 0) {
            return CollectionEnd.FLAGS;
        }
        if (length == 0 && (f.flags & TcpHeaders.FIN) == 0) {
            return CollectionEnd.PURE_ACKNOWLEDGMENT;
        }
        int ahead = HeaderWords.i32(words, f.tcp + TcpHeaders.SEQUENCE) - nextSequence;
        if (ahead != 0) {
            return ahead > 0 ? CollectionEnd.GAP : CollectionEnd.DUPLICATE;
        }
        CollectionEnd ip = fields.v4 ? otherV4(words) : otherV6(words);
        if (ip != null) {
            return ip;
        }
        CollectionEnd tcp = otherTcp(f, words);
        return tcp == null && payload.bytes() + length > MOST_BYTES ? CollectionEnd.SIZE : tcp;
    }

    private @Nullable CollectionEnd otherV4(long[] words) {
        CollectionEnd mark = otherClass(HeaderWords.u8(headers, 1) ^ HeaderWords.u8(words, 1));
        if (mark != null) {
            return mark;
        }
        if (HeaderWords.u8(headers, 8) != HeaderWords.u8(words, 8)) {
            return CollectionEnd.TIME_TO_LIVE;
        }
        int fragment =
                HeaderWords.u16(headers, TcpHeaders.V4_FRAGMENT) ^ HeaderWords.u16(words, TcpHeaders.V4_FRAGMENT);
        return (fragment & DONT_FRAGMENT) == 0 ? null : CollectionEnd.DONT_FRAGMENT;
    }

    private @Nullable CollectionEnd otherV6(long[] words) {
        int difference = HeaderWords.i32(headers, 0) ^ HeaderWords.i32(words, 0);
        CollectionEnd mark = otherClass(difference >>> 20 & 0xff);
        if (mark != null) {
            return mark;
        }
        if (HeaderWords.u8(headers, 7) != HeaderWords.u8(words, 7)) {
            return CollectionEnd.TIME_TO_LIVE;
        }
        return (difference & FLOW_LABEL) == 0 ? null : CollectionEnd.FLOW_LABEL;
    }

    private static @Nullable CollectionEnd otherClass(int difference) {
        if ((difference & ECN) != 0) {
            return CollectionEnd.ECN_MARK;
        }
        return (difference & DSCP) != 0 ? CollectionEnd.TRAFFIC_CLASS : null;
    }

    private @Nullable CollectionEnd otherTcp(TcpHeaders f, long[] words) {
        int at = fields.tcp;
        int options = fields.tcpLength - TcpHeaders.TCP_HEADER;
        if (f.tcpLength != fields.tcpLength || !HeaderWords.same(headers, words, at + TcpHeaders.TCP_HEADER, options)) {
            return CollectionEnd.OPTIONS;
        }
        // The byte before the flags has only the reserved bits and AE, of RFC 9768, left to differ.
        int reserved = HeaderWords.u8(headers, at + 12) ^ HeaderWords.u8(words, at + 12);
        int marks = (f.flags ^ fields.flags) & TcpHeaders.ECE | f.flags & TcpHeaders.CWR;
        if ((reserved | marks) != 0) {
            return CollectionEnd.ECN_FLAGS;
        }
        int ack = at + TcpHeaders.ACKNOWLEDGMENT;
        if (HeaderWords.i32(headers, ack) != HeaderWords.i32(words, ack)
                || (f.flags & TcpHeaders.ACK) != (fields.flags & TcpHeaders.ACK)) {
            return CollectionEnd.ACKNOWLEDGMENT;
        }
        int window = at + TcpHeaders.WINDOW;
        return HeaderWords.u16(headers, window) == HeaderWords.u16(words, window) ? null : CollectionEnd.WINDOW;
    }

    /** Appends what a segment that may join brings. */
    void append(MemorySegment memory, long offset, int length, long frame, int flags, long sum) {
        payloadSum = Checksum.addAt(payloadSum, payload.bytes(), sum);
        payload.add(memory, offset, length, frame);
        nextSequence += length;
        endFlags |= flags & AT_END;
        segments++;
    }

    /** Makes the headers those of one segment with all the payload. */
    void correctHeaders(boolean checksums) {
        if (segments <= 1) {
            return;
        }
        int before = HeaderWords.u16(headers, TcpHeaders.V4_LENGTH);
        fields.length(headers, (long) headerLength + payload.bytes());
        HeaderWords.u8(headers, fields.tcp + TcpHeaders.FLAGS, fields.flags | endFlags);
        if (!checksums) {
            return;
        }
        if (fields.v4) {
            int checksum = HeaderWords.u16(headers, TcpHeaders.V4_CHECKSUM);
            int now = HeaderWords.u16(headers, TcpHeaders.V4_LENGTH);
            HeaderWords.u16(headers, TcpHeaders.V4_CHECKSUM, Checksum.update(checksum, before, now));
        }
        HeaderWords.u16(headers, fields.tcp + TcpHeaders.CHECKSUM, 0);
        int checksum = Checksum.fold(fields.tcpSum(headers, payload.bytes()) + payloadSum);
        HeaderWords.u16(headers, fields.tcp + TcpHeaders.CHECKSUM, checksum);
    }

    void clear() {
        payload.clear();
        source = null;
    }
}
