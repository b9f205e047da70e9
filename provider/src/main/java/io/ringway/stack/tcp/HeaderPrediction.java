package io.ringway.stack.tcp;

import io.ringway.nic.Link;
import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * Header prediction (V. Jacobson, "4BSD header prediction"): nearly every segment is the next data of an established
 * connection that was heard shortly before. Such a one is known by whole words of its headers, without a look-up, and
 * taken at once, as {@link SegmentArrives} would do step by step. Everything else is left to that. Owner only.
 */
public final class HeaderPrediction {
    /** Connections that are remembered, each in the place that its peer's port says. */
    private static final int RECENT = 64;

    private static final int HEADERS_V4 = Ip.V4_HEADER + Tcp.HEADER;
    private static final int HEADERS_V6 = Ip.V6_HEADER + Tcp.HEADER;
    private static final int CONTROL = Tcp.control(Tcp.HEADER, Tcp.ACK, 0);
    private static final int CONTROL_MASK = ~(Tcp.PSH << 16 | 0xffff);

    private final NetworkStack stack;
    private final @Nullable TcpConnection[] recent = new TcpConnection[RECENT];

    public HeaderPrediction(NetworkStack stack) {
        this.stack = stack;
    }

    /** The connection was heard: the next segment may be for it. */
    public void remember(TcpConnection c) {
        if (c.state() == TcpState.ESTABLISHED) {
            recent[c.remotePort & RECENT - 1] = c;
        }
    }

    /** The connection is here no longer. */
    public void forget(TcpConnection c) {
        int place = c.remotePort & RECENT - 1;
        if (recent[place] == c) {
            recent[place] = null;
        }
    }

    /**
     * The connection that the headers are for, if it is one of those heard shortly before, and they are as plain as nearly
     * all are; else null. Hand its segment to {@link #take}.
     */
    public @Nullable TcpConnection find(long[] words, int headerLength, int payloadLength) {
        boolean v4 = headerLength == HEADERS_V4;
        if (!v4 && headerLength != HEADERS_V6) {
            return null;
        }
        int place = (int) (v4 ? words[2] >>> 16 : words[5] >>> 48) & RECENT - 1;
        TcpConnection c = recent[place];
        return c != null && c.template.isAnsweredBy(words, headerLength, payloadLength) ? c : null;
    }

    /**
     * Takes the next data of {@code c}.
     *
     * @param frame where the payload is lent, or 0; the queue's again, or kept by the connection, afterwards
     * @return false where the segment is not what was expected: nothing has happened then
     */
    public boolean take(
            TcpConnection c, Link source, long[] words, MemoryView view, long offset, int length, long frame) {
        boolean v4 = c.v4;
        int control = (int) (v4 ? words[4] >>> 32 : words[6]);
        int seq = (int) (v4 ? words[3] >>> 32 : words[5]);
        int ack = (int) (v4 ? words[3] : words[6] >>> 32);
        if ((control & CONTROL_MASK) != CONTROL || !isNext(c, seq, ack, length) || source != c.linkOrNull()) {
            return false;
        }
        if (!c.mobility.isSettledOn(stack)) {
            return false;
        }
        stack.counters().segmentsPredicted++;
        c.keepAlive.heard(stack.now());
        acknowledged(c, seq, ack, control & 0xffff, stack);
        if (!c.receive.deliver(stack, view, offset, length, frame, stack) && frame != 0) {
            stack.releaseReceived(frame, stack);
        }
        arrived(c, length, stack);
        return true;
    }

    /** The next in-order data of an established connection, with an acceptable acknowledgment. */
    static boolean isNext(TcpConnection c, int seq, int ack, int length) {
        return c.state() == TcpState.ESTABLISHED
                && seq == c.receive.nxt
                && length > 0
                && length <= c.receive.window()
                && Seq.atMost(c.send.una, ack)
                && Seq.atMost(ack, c.send.max)
                && !c.orphan
                && c.receive.reassembly.isEmpty();
    }

    /** What the acknowledgment and the window of such a segment say. */
    static void acknowledged(TcpConnection c, int seq, int ack, int wnd, NetworkStack stack) {
        SendSide send = c.send;
        if (ack != send.una) {
            send.acknowledge(ack, stack);
        }
        send.updateWindow(seq, ack, wnd);
        send.updateCleared(stack.lossless());
    }

    /** Its payload was delivered. */
    static void arrived(TcpConnection c, int length, NetworkStack stack) {
        stack.counters().bytesReceived += length;
        stack.counters().completions++;
        c.notify = true;
        stack.touched(c);
    }
}
