package io.ringway.nic.offload;

import io.ringway.nic.offload.TcpHeaders.Kind;
import java.lang.foreign.MemorySegment;

/**
 * Cuts a TCP super-segment into segments that a port can carry (M10): {@link #begin} with its headers and its payload as
 * buffer descriptors, then {@link #next}, {@link #writeHeaders} and {@link #piece} once for each segment. Payload is
 * named, never copied. May stop between two segments and go on later. One thread; allocates nothing.
 *
 * <p>Headers are those of the super-segment, options and extension headers included, except: sequence number, lengths,
 * IPv4 identification (one more each), checksums; PSH and FIN on the last segment only; CWR on the first only (RFC 3168,
 * section 6.1.2), ECE on all.
 */
public final class Segmenter {
    private static final int ON_LAST_ONLY = TcpHeaders.PSH | TcpHeaders.FIN;
    private static final int CANT_BE_CUT = TcpHeaders.SYN | TcpHeaders.RST | TcpHeaders.URG;

    private final boolean checksums;
    private final int descriptors;
    private final TcpHeaders fields = new TcpHeaders();
    private final long[] headers = new long[TcpHeaders.MOST / Long.BYTES];
    private final DescriptorList piece;

    private DescriptorList payload = new DescriptorList(1);
    private int headerLength;
    private int segmentSize;
    private int sequence;
    private int identification;
    /** What the sums of the headers have in common in all segments. */
    private long ipSum;

    private long tcpSum;

    private int done;
    private int descriptor;
    private int usedOfDescriptor;
    private boolean begun;
    private boolean first;

    /**
     * @param checksums whether to compute them; where the port does, the fields are 0
     * @param descriptors the most that a payload may have
     */
    public Segmenter(boolean checksums, int descriptors) {
        this.checksums = checksums;
        this.descriptors = descriptors;
        piece = new DescriptorList(descriptors);
    }

    /**
     * Takes a super-segment. Its headers are copied; its payload list must stay as it is until the last segment is cut.
     *
     * @param memory where the headers are
     * @param at where in it they start
     * @param length bytes of headers
     * @param segmentSize the most payload bytes of one segment
     * @return false if this is no whole TCP segment, or one that can't be cut (SYN, RST, URG) and has too much payload
     */
    public boolean begin(MemorySegment memory, long at, int length, DescriptorList payload, int segmentSize) {
        begun = false;
        if (segmentSize <= 0) {
            throw new IllegalArgumentException("segments of " + segmentSize + " bytes");
        }
        if (payload.size() > descriptors) {
            throw new IllegalArgumentException(payload.size() + " descriptors");
        }
        if (length > TcpHeaders.MOST || (length & 3) != 0) {
            return false;
        }
        HeaderWords.read(headers, memory, at, length);
        Kind kind = fields.find(headers, length, payload.bytes());
        boolean cut = payload.bytes() > segmentSize;
        if (kind != Kind.TCP && kind != Kind.TCP_BEHIND_MORE || cut && (fields.flags & CANT_BE_CUT) != 0) {
            return false;
        }
        this.payload = payload;
        this.segmentSize = segmentSize;
        headerLength = length;
        done = 0;
        descriptor = 0;
        usedOfDescriptor = 0;
        piece.clear();
        begun = true;
        first = true;
        takeTemplate();
        return true;
    }

    /** Takes out what changes, and sums up the rest. */
    private void takeTemplate() {
        sequence = HeaderWords.i32(headers, fields.tcp + TcpHeaders.SEQUENCE);
        identification = fields.v4 ? HeaderWords.u16(headers, TcpHeaders.V4_IDENTIFICATION) : 0;
        HeaderWords.i32(headers, fields.tcp + TcpHeaders.SEQUENCE, 0);
        HeaderWords.u8(headers, fields.tcp + TcpHeaders.FLAGS, 0);
        HeaderWords.u16(headers, fields.tcp + TcpHeaders.CHECKSUM, 0);
        if (fields.v4) {
            HeaderWords.u16(headers, TcpHeaders.V4_LENGTH, 0);
            HeaderWords.u16(headers, TcpHeaders.V4_IDENTIFICATION, 0);
            HeaderWords.u16(headers, TcpHeaders.V4_CHECKSUM, 0);
        }
        if (checksums) {
            ipSum = fields.v4 ? Checksum.add(0, headers, 0, fields.tcp) : 0;
            tcpSum = fields.tcpSum(headers, 0);
        }
    }

    /** Whether there is another segment to cut. */
    public boolean hasNext() {
        return begun && (first || done < payload.bytes());
    }

    /**
     * Cuts the next segment: {@link #piece} is its payload, {@link #writeHeaders} writes its headers.
     *
     * @return its payload bytes
     */
    public int next() {
        if (!hasNext()) {
            throw new IllegalStateException("nothing left to cut");
        }
        if (!first) {
            sequence += piece.bytes();
            identification++;
        }
        int length = Math.min(segmentSize, payload.bytes() - done);
        takePiece(length);
        patch(length);
        done += length;
        first = false;
        return length;
    }

    private void takePiece(int length) {
        piece.clear();
        int left = length;
        while (left > 0) {
            int part = Math.min(left, payload.length(descriptor) - usedOfDescriptor);
            piece.add(
                    payload.memory(descriptor),
                    payload.offset(descriptor) + usedOfDescriptor,
                    part,
                    payload.frame(descriptor));
            left -= part;
            usedOfDescriptor += part;
            if (usedOfDescriptor == payload.length(descriptor)) {
                descriptor++;
                usedOfDescriptor = 0;
            }
        }
    }

    private void patch(int length) {
        boolean last = done + length == payload.bytes();
        int flags = fields.flags;
        if (!last) {
            flags &= ~ON_LAST_ONLY;
        }
        if (!first) {
            flags &= ~TcpHeaders.CWR;
        }
        fields.length(headers, headerLength + length);
        HeaderWords.i32(headers, fields.tcp + TcpHeaders.SEQUENCE, sequence);
        HeaderWords.u8(headers, fields.tcp + TcpHeaders.FLAGS, flags);
        if (fields.v4) {
            HeaderWords.u16(headers, TcpHeaders.V4_IDENTIFICATION, identification);
        }
        if (checksums) {
            patchChecksums(flags, length);
        }
    }

    /** From the sums of what all segments have in common: cheaper than a sum over the headers of each. */
    private void patchChecksums(int flags, int length) {
        if (fields.v4) {
            long sum = ipSum + HeaderWords.u16(headers, TcpHeaders.V4_LENGTH) + (identification & 0xffff);
            HeaderWords.u16(headers, TcpHeaders.V4_CHECKSUM, Checksum.fold(sum));
        }
        long sum = tcpSum + (sequence & 0xffff_ffffL) + flags + length + piece.sum();
        HeaderWords.u16(headers, fields.tcp + TcpHeaders.CHECKSUM, Checksum.fold(sum));
    }

    /** Writes the headers of the segment that was cut last; as many bytes as the super-segment's. */
    public void writeHeaders(MemorySegment memory, long at) {
        HeaderWords.write(headers, memory, at, headerLength);
    }

    /** Payload of the segment that was cut last; valid until the next is cut. */
    public DescriptorList piece() {
        return piece;
    }

    /** Bytes of headers of every segment. */
    public int headerLength() {
        return headerLength;
    }
}
