package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.Link;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * SEGMENT ARRIVES: one method per step of RFC 9293, section 3.10.7, in its order. Each step returns false when the
 * segment ends with it. Owner only.
 */
final class SegmentArrives {
    private SegmentArrives() {}

    static void process(TcpConnection c, Segment s, NetworkStack stack, @Nullable OutOfLine never) {
        switch (c.state()) {
            case SYN_SENT -> synSent(c, s, stack, null);
            case CLOSED, LISTEN -> s.release(stack);
            default -> synchronised(c, s, stack);
        }
    }

    // ---- 3.10.7.3 SYN-SENT ----

    private static void synSent(TcpConnection c, Segment s, NetworkStack stack, @Nullable OutOfLine never) {
        boolean ack = s.has(Tcp.ACK);
        boolean acceptable = ack && Seq.lessThan(c.send.iss, s.ack) && Seq.atMost(s.ack, c.send.max);
        // First: check the ACK bit.
        if (ack && !acceptable) {
            if (!s.has(Tcp.RST)) {
                stack.answerWithReset(s);
            }
            return;
        }
        // Second: check the RST bit.
        if (s.has(Tcp.RST)) {
            if (acceptable) {
                stack.counters().resetsReceived++;
                Closing.terminate(c, Failure.REFUSED, stack);
            }
            return;
        }
        // Fourth: check the SYN bit.
        if (!s.has(Tcp.SYN)) {
            return;
        }
        c.receive.start(s.seq);
        Opening.agree(c, s, stack);
        if (acceptable) {
            c.send.wl1 = s.seq;
            c.send.wl2 = s.ack;
            c.send.synAcknowledged(stack);
            learnLink(c, s, stack);
            Opening.established(c, stack);
            c.sendAck(stack);
        } else {
            Opening.simultaneous(c, stack);
        }
    }

    // ---- 3.10.7.4 other states ----

    private static void synchronised(TcpConnection c, Segment s, NetworkStack stack) {
        if (predicted(c, s)) {
            HeaderPrediction.acknowledged(c, s.seq, s.ack, s.wnd, stack);
            text(c, s, stack);
        } else {
            stepByStep(c, s, stack, null);
        }
    }

    private static void stepByStep(TcpConnection c, Segment s, NetworkStack stack, @Nullable OutOfLine never) {
        if (sequenceNumber(c, s, stack)
                && rst(c, s, stack)
                && syn(c, s, stack)
                && ack(c, s, stack)
                && segmentText(c, s, stack)) {
            fin(c, s, stack);
        }
    }

    /** What {@link HeaderPrediction} has not recognised, since its headers are not plain, or nobody remembered it. */
    private static boolean predicted(TcpConnection c, Segment s) {
        return (s.flags & ~Tcp.PSH) == Tcp.ACK
                && HeaderPrediction.isNext(c, s.seq, s.ack, s.length)
                && s.source == c.link();
    }

    /** First: check the sequence number. */
    private static boolean sequenceNumber(TcpConnection c, Segment s, NetworkStack stack) {
        ReceiveSide receive = c.receive;
        int window = receive.window();
        int length = s.sequenceLength();
        boolean starts = s.seq == receive.nxt || Seq.inWindow(s.seq, receive.nxt, window);
        boolean ends = length > 0 && Seq.inWindow(s.seq + length - 1, receive.nxt, window);
        // A pure acknowledgment behind a full flight stands exactly at the window's end (departure from table 6).
        boolean acceptable = length == 0 ? starts || s.seq == receive.nxt + window : window > 0 && (starts || ends);
        if (!acceptable && stack.lossless() && s.seq == receive.nxt && !s.has(Tcp.RST)) {
            // A process that ends publishes what it had accepted, whatever the window; its memory holds the bytes.
            if (receive.queue.available() + length
                    > c.settings().receiveBuffer() + c.settings().sendBufferLimit()) {
                stack.counters().unacceptable++;
                Closing.abort(c, stack);
                return false;
            }
            acceptable = true;
        }
        if (!acceptable) {
            stack.counters().unacceptable++;
            if (!s.has(Tcp.RST)) {
                c.sendAck(stack);
                if (s.has(Tcp.FIN) && c.state() == TcpState.TIME_WAIT) {
                    Closing.timeWait(c, stack);
                }
            }
            return false;
        }
        int old = receive.nxt - s.seq;
        if (old > 0 && !s.has(Tcp.SYN)) {
            s.trimFront(Math.min(old, s.length));
        }
        return true;
    }

    /** Second: check the RST bit (with the checks of RFC 5961 that RFC 9293 took over). */
    private static boolean rst(TcpConnection c, Segment s, NetworkStack stack) {
        if (!s.has(Tcp.RST)) {
            return true;
        }
        if (s.seq != c.receive.nxt) {
            c.sendAck(stack);
            return false;
        }
        stack.counters().resetsReceived++;
        Closing.terminate(c, meaning(c), stack);
        return false;
    }

    /** What a reset tells the program, by state. */
    private static Failure meaning(TcpConnection c) {
        return switch (c.state()) {
            // Of an active open: the peer did not want the connection (simultaneous open).
            case SYN_RECEIVED -> c.listener == null ? Failure.REFUSED : Failure.RESET;
            // After a FIN it only says that nobody reads any more: the stream has ended well.
            case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> Failure.NONE;
            default -> Failure.RESET;
        };
    }

    /** Fourth: check the SYN bit. In synchronised states a challenge ACK answers it. */
    private static boolean syn(TcpConnection c, Segment s, NetworkStack stack) {
        if (!s.has(Tcp.SYN)) {
            return true;
        }
        if (c.state() == TcpState.SYN_RECEIVED && s.seq + 1 == c.receive.nxt) {
            Opening.sendSyn(c, stack);
        } else {
            c.sendAck(stack);
        }
        return false;
    }

    /** Fifth: check the ACK field. */
    private static boolean ack(TcpConnection c, Segment s, NetworkStack stack) {
        if (!s.has(Tcp.ACK)) {
            return false;
        }
        SendSide send = c.send;
        if (c.state() == TcpState.SYN_RECEIVED) {
            if (!Seq.lessThan(send.una, s.ack) || !Seq.atMost(s.ack, send.max)) {
                stack.answerWithReset(s);
                return false;
            }
            send.wl1 = s.seq;
            send.wl2 = s.ack;
            send.synAcknowledged(stack);
            send.updateWindow(s);
            learnLink(c, s, stack);
            Opening.established(c, stack);
            return c.state() != TcpState.CLOSED;
        }
        boolean tooOld = Seq.lessThan(s.ack, send.una - send.maxWnd);
        if (tooOld || Seq.lessThan(send.max, s.ack)) {
            stack.counters().unacceptable++;
            c.sendAck(stack);
            return false;
        }
        learnLink(c, s, stack);
        send.retransmission.answered();
        if (Seq.lessThan(send.una, s.ack)) {
            send.acknowledge(s.ack, stack);
        }
        if (Seq.atMost(send.una, s.ack)) {
            send.updateWindow(s);
        }
        send.updateCleared(stack.lossless());
        return afterAck(c, stack);
    }

    /** What an acknowledgment of our FIN changes, by state. */
    private static boolean afterAck(TcpConnection c, NetworkStack stack) {
        boolean fin = c.send.finAcked;
        switch (c.state()) {
            case FIN_WAIT_1 -> {
                if (fin) {
                    Closing.finAcknowledged(c, stack);
                }
            }
            case CLOSING -> {
                if (fin) {
                    Closing.timeWait(c, stack);
                }
                return !fin;
            }
            case LAST_ACK -> {
                if (fin) {
                    Closing.terminate(c, Failure.NONE, stack);
                }
                return !fin;
            }
            default -> {}
        }
        stack.touched(c);
        return true;
    }

    /** Seventh: process the segment text. */
    private static boolean segmentText(TcpConnection c, Segment s, NetworkStack stack) {
        if (s.length == 0 && !s.has(Tcp.FIN)) {
            return false;
        }
        switch (c.state()) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> {}
            default -> {
                // After the peer's FIN: ignore the segment text.
                c.receive.ackNow = true;
                stack.touched(c);
                return false;
            }
        }
        if (s.seq != c.receive.nxt) {
            holdAheadOfGap(c, s, stack);
            return false;
        }
        if (s.length > 0) {
            if (c.orphan || c.receive.shutdown && c.state() != TcpState.ESTABLISHED) {
                // Nobody can read it any more (RFC 9293, section 3.6.1, and RFC 2525, section 2.17). A program that has
                // shut its input only is spared, as by Linux.
                Closing.abort(c, stack);
                return false;
            }
            text(c, s, stack);
        }
        return true;
    }

    private static void holdAheadOfGap(TcpConnection c, Segment s, NetworkStack stack) {
        stack.counters().outOfOrder++;
        if (!c.receive.reassembly.hold(s) && stack.lossless()) {
            Closing.abort(c, stack);
            return;
        }
        c.receive.ackNow = true;
        stack.touched(c);
    }

    private static void text(TcpConnection c, Segment s, NetworkStack stack) {
        c.receive.deliver(s, stack);
        HeaderPrediction.arrived(c, s.length, stack);
        if (!c.receive.reassembly.isEmpty()) {
            fillGap(c, s, stack);
        }
    }

    /** The held segments that are now in order. */
    private static void fillGap(TcpConnection c, Segment arrived, NetworkStack stack) {
        Segment next = c.receive.reassembly.next(c.receive.nxt);
        while (next != null) {
            int old = c.receive.nxt - next.seq;
            if (old <= next.length) {
                next.trimFront(old);
                if (next.length > 0) {
                    stack.counters().bytesReceived += next.length;
                    c.receive.deliver(next, stack);
                }
                if (next.has(Tcp.FIN)) {
                    arrived.flags |= Tcp.FIN;
                }
            }
            next.release(stack);
            next = c.receive.reassembly.next(c.receive.nxt);
        }
        c.receive.ackNow = true;
    }

    /** Eighth: check the FIN bit. */
    private static void fin(TcpConnection c, Segment s, NetworkStack stack) {
        if (!s.has(Tcp.FIN)) {
            return;
        }
        c.receive.deliverFin();
        c.notify = true;
        stack.touched(c);
        switch (c.state()) {
            case SYN_RECEIVED, ESTABLISHED -> c.state(TcpState.CLOSE_WAIT);
            case FIN_WAIT_1 -> c.state(TcpState.CLOSING);
            case FIN_WAIT_2 -> Closing.timeWait(c, stack);
            default -> {}
        }
    }

    /**
     * The peer's transmits name the queue that it wants to receive on (M9), also those that came to the queue of a stack
     * that the connection has left.
     */
    private static void learnLink(TcpConnection c, Segment s, NetworkStack stack) {
        Link source = s.source;
        if (source == null || source == c.link()) {
            return;
        }
        c.link(s.origin == stack ? source : stack.queue().port().link(stack.queue(), source));
    }
}
