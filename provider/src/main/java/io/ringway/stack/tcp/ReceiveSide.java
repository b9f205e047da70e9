package io.ringway.stack.tcp;

import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.TcpOption;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The receive half of a connection: RCV.NXT, RCV.WND and the bytes that wait for the program. Owner only, except where
 * a method says otherwise.
 */
final class ReceiveSide {
    /** What an acknowledgment or a window update waits for on a lossless port, in bytes, unless the buffer is small. */
    private static final int UPDATE_STEP = 128 << 10;

    private static final AtomicLongFieldUpdater<ReceiveSide> LENT =
            AtomicLongFieldUpdater.newUpdater(ReceiveSide.class, "lent");
    private static final AtomicLongFieldUpdater<ReceiveSide> OFFERED_AT =
            AtomicLongFieldUpdater.newUpdater(ReceiveSide.class, "offeredAt");

    private static final int MAX_FIELD = 0xffff;
    /** Payloads up to this size are packed when the reader is behind, so that they don't pin frames. */
    private static final int PACK_WHEN_BEHIND = 1024;

    private static final int BEHIND = 64 << 10;

    /** RCV.NXT. */
    int nxt;
    /** Rcv.Wind.Shift of RFC 7323; 0 when the peer did not offer scaling. */
    int windowShift;

    final StreamQueue queue = new StreamQueue();
    final Reassembly reassembly = new Reassembly();

    /** Right edge of the window that the peer knows. */
    private int offeredEdge;
    /** {@link StreamQueue#totalOut} when the window was offered. Read by the reading thread. */
    private volatile long offeredAt;
    /** Bytes that the program has on loan, in their frames: read, but still in the buffer. Any thread. */
    @SuppressWarnings("unused") // through LENT
    private volatile long lent;

    private final int buffer;
    private final int updateStep;
    private final int mss;
    private boolean scaling = true;
    private int unacknowledged;
    boolean ackNow;

    private volatile boolean endOfStream;
    /** The program reads no more. */
    volatile boolean shutdown;
    /** Data came that nobody will read. */
    private boolean dropped;

    ReceiveSide(int buffer, int segmentSize) {
        this.buffer = buffer;
        updateStep = Math.min(UPDATE_STEP, buffer / 4);
        mss = Math.min(segmentSize, MAX_FIELD);
        int shift = 0;
        while (buffer >>> shift > MAX_FIELD && shift < TcpOption.MAX_WINDOW_SHIFT) {
            shift++;
        }
        windowShift = shift;
    }

    /** The shift to offer in a SYN, or -1 for no offer. */
    int offeredShift() {
        return scaling ? windowShift : -1;
    }

    /** The peer did not offer window scaling. */
    void noScaling() {
        scaling = false;
        windowShift = 0;
    }

    int mss() {
        return mss;
    }

    void start(int irs) {
        nxt = irs + 1;
        offeredEdge = nxt + Math.min(buffer, MAX_FIELD);
    }

    /** The window of a SYN is never scaled (RFC 7323, section 2.2). */
    int synWindow() {
        offeredEdge = nxt + Math.min(buffer, MAX_FIELD);
        return Math.min(buffer, MAX_FIELD);
    }

    /** RCV.WND as far as the peer knows. */
    int window() {
        return Math.max(0, offeredEdge - nxt);
    }

    /** Bytes that could be taken now. */
    private int space() {
        return (int) Math.max(0, buffer - queue.available() - lent);
    }

    /**
     * The window field of the next segment. Rounding it to its unit may take back less than one unit (RFC 7323, section
     * 2.4); what was offered once is taken. Rounding up instead would never let the window close against small segments.
     */
    int advertise() {
        int field = Math.min(space() >>> windowShift, MAX_FIELD);
        int edge = nxt + (field << windowShift);
        if (Seq.lessThan(offeredEdge, edge)) {
            offeredEdge = edge;
        }
        OFFERED_AT.lazySet(this, queue.totalOut() - lent);
        return field;
    }

    /** A segment with an acknowledgment went out. */
    void acknowledged() {
        unacknowledged = 0;
        ackNow = false;
    }

    /** Takes the payload of an in-order segment. */
    void deliver(Segment s, NetworkStack stack) {
        Pieces pieces = s.pieces;
        if (pieces == null) {
            if (deliver(s.origin(), s.payload(), s.payloadOffset, s.length, s.frame, stack)) {
                s.frame = 0;
            }
        } else if (isWanted(s.length)) {
            deliver(pieces, s.origin(), stack);
            queue.reclaim(stack);
        }
    }

    /** The same in one piece; {@code frame}, of the queue of {@code origin}, or 0. Whether the frame was kept. */
    boolean deliver(NetworkStack origin, MemoryView view, long offset, int length, long frame, NetworkStack stack) {
        boolean kept = false;
        if (isWanted(length)) {
            kept = append(origin, view, offset, length, frame, stack);
            queue.reclaim(stack);
        }
        return kept;
    }

    /** Counts the next bytes in; false if they are to be dropped. */
    private boolean isWanted(int length) {
        nxt += length;
        unacknowledged += length;
        if (shutdown) {
            dropped = true;
            return false;
        }
        return true;
    }

    private void deliver(Pieces pieces, NetworkStack origin, NetworkStack stack) {
        for (int i = 0; i < pieces.count(); i++) {
            if (pieces.length(i) > 0
                    && append(origin, pieces.view(i), pieces.offset(i), pieces.length(i), pieces.frame(i), stack)) {
                pieces.taken(i);
            }
        }
    }

    /** Whether the queue has taken the frame. */
    private boolean append(
            NetworkStack origin, MemoryView view, long offset, int length, long frame, NetworkStack stack) {
        boolean behind = queue.available() > BEHIND;
        boolean pack = frame == 0 || (length <= PACK_WHEN_BEHIND && behind);
        if (pack && behind && stack.lossless()) {
            queue.appendSpilled(stack, view, offset, length);
        } else if (pack) {
            queue.appendCopy(view, offset, length);
        } else {
            queue.appendFrame(origin, view, offset, length, frame);
        }
        return !pack;
    }

    void deliverFin() {
        nxt++;
        ackNow = true;
        endOfStream = true;
    }

    /** The peer is gone; what was received can still be read. */
    void end() {
        endOfStream = true;
    }

    /** Whether an acknowledgment should go out at the end of this batch, on a port that loses nothing. */
    boolean wantsAckLossless() {
        return ackNow || unacknowledged >= updateStep || windowIsSmall();
    }

    /** Whether one should go out now on any other port (RFC 9293, section 3.8.6.3): every second full segment. */
    boolean wantsAckLossy(int peerMss) {
        return ackNow || unacknowledged >= 2 * peerMss || windowIsSmall();
    }

    boolean hasUnacknowledged() {
        return unacknowledged > 0;
    }

    /** The peer knows less than half of the window that it could have. */
    private boolean windowIsSmall() {
        int window = window();
        if (window >= buffer / 2) {
            // No offer is larger than the buffer.
            return false;
        }
        int offer = Math.min(space(), MAX_FIELD << windowShift);
        return window < offer / 2 && offer > Math.min(buffer, MAX_FIELD) / 2;
    }

    /** The program has got, or given back, so many bytes in their frames. Any thread. */
    void lent(int bytes) {
        LENT.getAndAdd(this, bytes);
    }

    /** Bytes that the program has in their frames. */
    long lent() {
        return lent;
    }

    /** Whether the program has read enough since the last offer to tell the peer. The reading thread. */
    boolean updateDue() {
        return queue.totalOut() - lent - offeredAt >= updateStep;
    }

    /** There is data that the program has not read, or never could. */
    boolean leftUnread() {
        return dropped || queue.available() > 0;
    }

    /** No byte will come after those in the queue. Any thread. */
    boolean ended() {
        return endOfStream;
    }
}
