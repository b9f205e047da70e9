package io.ringway.stack.tcp;

import io.ringway.nic.Link;
import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * One incoming segment, validated, with the names of RFC 9293, section 3.3.1. A stack parses each frame into the same
 * object; a segment that is kept for later is a copy.
 */
public class Segment {
    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;
    public int sourcePort;
    public int destinationPort;

    public int flags;
    /** SEG.SEQ. */
    public int seq;
    /** SEG.ACK. */
    public int ack;
    /** SEG.WND as in the header, unscaled. */
    public int wnd;
    /** Payload bytes; SEG.LEN counts SYN and FIN too. */
    public int length;
    /** MSS option of a SYN, or the default of RFC 9293, section 3.7.1. */
    public int mss;
    /** Window scale option of a SYN, or -1. */
    public int windowShift;
    /** Read position option of a SYN, or 0. */
    public long readPosition;

    public @Nullable Link source;
    /** The stack whose queue received it, and takes its frame back. */
    public @Nullable NetworkStack origin;
    /** Where the payload is. */
    public @Nullable MemoryView view;

    public long payloadOffset;
    /** What to release, or 0: the payload is valid during the call only. Whoever keeps the payload sets it to 0. */
    public long frame;
    /** The payload of an aggregated segment, instead of {@link #view} and {@link #frame}. */
    public @Nullable Pieces pieces;

    /** Whether it belongs to {@code c}, by its 4-tuple. */
    public boolean isOf(TcpConnection c) {
        return sourcePort == c.remotePort
                && destinationPort == c.localPort
                && sourceLow == c.remoteLow
                && destinationLow == c.localLow
                && sourceHigh == c.remoteHigh
                && destinationHigh == c.localHigh;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** SEG.LEN. */
    int sequenceLength() {
        return length + (flags & 1) + (flags >>> 1 & 1);
    }

    MemoryView payload() {
        MemoryView v = view;
        if (v == null) {
            throw new IllegalStateException("no payload");
        }
        return v;
    }

    NetworkStack origin() {
        NetworkStack stack = origin;
        if (stack == null) {
            throw new IllegalStateException("no origin");
        }
        return stack;
    }

    /** Gives the frame back, if there is one that nobody took. */
    public void release(NetworkStack owner) {
        if (frame != 0) {
            origin().releaseReceived(frame, owner);
            frame = 0;
        }
        if (pieces != null) {
            pieces.release(origin(), owner);
            pieces = null;
        }
    }

    /** A copy that outlives the call in which the segment was received; takes over its frame. */
    public Segment keep() {
        Segment copy = new Segment();
        copy.copyFrom(this);
        if (pieces != null) {
            copy.pieces = pieces.keep();
            pieces = null;
        } else if (frame == 0 && length > 0) {
            copy.view = payload().copyOf(payloadOffset, length);
            copy.payloadOffset = 0;
        }
        frame = 0;
        return copy;
    }

    /** Drops {@code count} bytes from the front, which were received before. */
    void trimFront(int count) {
        seq += count;
        if (pieces != null) {
            pieces.trimFront(count);
        } else {
            payloadOffset += count;
        }
        length -= count;
    }

    private void copyFrom(Segment s) {
        sourceHigh = s.sourceHigh;
        sourceLow = s.sourceLow;
        destinationHigh = s.destinationHigh;
        destinationLow = s.destinationLow;
        sourcePort = s.sourcePort;
        destinationPort = s.destinationPort;
        flags = s.flags;
        seq = s.seq;
        ack = s.ack;
        wnd = s.wnd;
        length = s.length;
        mss = s.mss;
        windowShift = s.windowShift;
        readPosition = s.readPosition;
        source = s.source;
        origin = s.origin;
        view = s.view;
        payloadOffset = s.payloadOffset;
        frame = s.frame;
    }
}
