package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;
import io.ringway.wire.Tcp;

/**
 * The retransmission timer (RFC 6298) and the zero-window probe (RFC 9293, section 3.8.6.1). On a lossless port neither
 * exists: what was published arrives while the peer lives, and no timer gives up. Owner only; times in nanoseconds.
 */
final class Retransmission {
    private static final long MILLISECOND = 1_000_000L;
    private static final long INITIAL = 1_000 * MILLISECOND;
    /** RFC 6298, section 2.4. */
    private static final long MINIMUM = 1_000 * MILLISECOND;

    private static final long MAXIMUM = 60_000 * MILLISECOND;
    private static final long GRANULARITY = MILLISECOND;
    /** R2 of RFC 9293, section 3.8.3, as a number of attempts. */
    private static final int ATTEMPTS = 15;
    /** The same for a SYN. */
    private static final int SYN_ATTEMPTS = 6;

    private final TcpConnection c;
    private CongestionControl congestion = CongestionControl.NONE;
    /** The time-out as measured, and as it is after doubling. */
    private long measured = INITIAL;

    private long rto = INITIAL;
    private long srtt = -1;
    private long rttvar;
    /** The segment that is timed, and since when; Karn's rule: never a retransmitted one. */
    private int timedSeq;

    private long timedSince = -1;
    private int attempts;
    private boolean probing;

    Retransmission(TcpConnection c) {
        this.c = c;
    }

    /** Called once the peer's MSS is known. */
    void start(int mss, boolean lossless) {
        congestion = lossless ? CongestionControl.NONE : new NewReno(mss);
    }

    int congestionWindow() {
        return congestion.window();
    }

    /** A segment goes out; SND.NXT is not moved yet. Timed if it is new. */
    void sent(int seq, int length, NetworkStack stack) {
        if (stack.lossless()) {
            return;
        }
        if (probing) {
            // The window has opened: the time-out counts from here, as if nothing had been probed.
            probing = false;
            attempts = 0;
            rto = measured;
            c.retransmitAt = Long.MAX_VALUE;
        }
        if (timedSince < 0 && Seq.atMost(c.send.max, seq)) {
            timedSeq = seq + length;
            timedSince = stack.now();
        }
        if (c.retransmitAt == Long.MAX_VALUE) {
            arm(stack);
        }
    }

    void arm(NetworkStack stack) {
        c.retransmitAt = stack.now() + rto;
        stack.timerChanged(c);
    }

    /** New data were acknowledged. */
    void acknowledged(int ack, int bytes, NetworkStack stack) {
        if (stack.lossless()) {
            return;
        }
        if (timedSince >= 0 && Seq.atMost(timedSeq, ack)) {
            sample(stack.now() - timedSince);
            timedSince = -1;
        }
        attempts = 0;
        probing = false;
        congestion.acknowledged(bytes);
        if (c.send.una == c.send.nxt) {
            c.retransmitAt = Long.MAX_VALUE;
            stack.timerChanged(c);
        } else {
            arm(stack);
        }
    }

    private void sample(long rtt) {
        if (srtt < 0) {
            srtt = rtt;
            rttvar = rtt / 2;
        } else {
            rttvar += (Math.abs(srtt - rtt) - rttvar) / 4;
            srtt += (rtt - srtt) / 8;
        }
        measured = Math.clamp(srtt + Math.max(GRANULARITY, 4 * rttvar), MINIMUM, MAXIMUM);
        rto = measured;
    }

    /** There is data, nothing in flight, and no window: probe until it opens. */
    void windowClosed(NetworkStack stack) {
        if (!stack.lossless() && c.send.una == c.send.nxt && c.retransmitAt == Long.MAX_VALUE) {
            probing = true;
            arm(stack);
        }
    }

    /** The peer lives: probes may go on for as long as they are answered (RFC 9293, section 3.8.6.1, MUST-37). */
    void answered() {
        if (probing) {
            attempts = 0;
        }
    }

    /** The timer expired (RFC 6298, section 5). */
    void expired(NetworkStack stack) {
        boolean syn = c.state() == TcpState.SYN_SENT || c.state() == TcpState.SYN_RECEIVED;
        if (++attempts > (syn ? SYN_ATTEMPTS : ATTEMPTS)) {
            Closing.terminate(c, Failure.TIMED_OUT, stack);
            return;
        }
        timedSince = -1;
        rto = Math.min(rto * 2, MAXIMUM);
        arm(stack);
        if (syn) {
            stack.counters().retransmissions++;
            Opening.sendSyn(c, stack);
        } else if (probing && c.send.una == c.send.nxt) {
            stack.counters().windowProbes++;
            // One byte below the window: not acceptable there, so it is answered with the present window.
            stack.writer().control(c, Tcp.ACK, c.send.una - 1);
        } else {
            stack.counters().retransmissions++;
            goBack(stack);
        }
    }

    private void goBack(NetworkStack stack) {
        SendSide send = c.send;
        congestion.timedOut(send.nxt - send.una);
        send.nxt = send.una;
        send.queue.rewind();
        send.finSent = false;
        send.output(stack);
    }
}
