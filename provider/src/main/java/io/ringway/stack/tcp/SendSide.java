package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Link;
import io.ringway.nic.offload.FlowScheduler.Turn;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import io.ringway.stack.TransmitQueues;
import io.ringway.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * The send half of a connection: SND.UNA, SND.NXT, SND.WND and the bytes on their way out. Owner only, except where a
 * method says otherwise.
 */
final class SendSide {
    private final TcpConnection c;
    final SendRoom room;
    /** While it is behind, small writes are collected instead of published one by one. */
    final TransmitFlow flow;

    int iss;
    /** SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2; MAX.SND.WND as in RFC 9293, section 3.8.6.2.1. */
    int una;

    int nxt;
    /** The highest SND.NXT ever: a retransmission takes SND.NXT back. */
    int max;

    int wnd;
    int wl1;
    int wl2;
    int maxWnd;
    /** Snd.Wind.Shift of RFC 7323. */
    int windowShift;
    /** False as long as the peer has said no more than the largest window that a SYN can say. */
    volatile boolean windowKnown = true;

    /** What one segment may carry. */
    int mss;
    /** What one super-segment may carry, which the pipeline cuts (M10); the same where it doesn't. */
    int maxPayload;

    final SendQueue queue = new SendQueue();
    final Retransmission retransmission;
    /** Where what the program writes comes in. */
    final SendIntake intake;

    private boolean deferred;
    private boolean starving;
    boolean finQueued;
    boolean finSent;
    boolean finAcked;
    private boolean finNumbered;
    private int finSeq;

    private long acknowledged;

    SendSide(TcpConnection c, StackSettings settings, int iss) {
        this.c = c;
        this.iss = iss;
        una = iss;
        nxt = iss;
        max = iss;
        room = new SendRoom(c, settings);
        flow = new TransmitFlow(c);
        retransmission = new Retransmission(c);
        intake = new SendIntake(c, this);
    }

    // ---- the owner's side ----

    /** Moves SND.NXT over what was just sent. */
    void advance(int sequenceNumbers) {
        nxt += sequenceNumbers;
        if (Seq.lessThan(max, nxt)) {
            max = nxt;
        }
    }

    /** Leaves publishing to the next poll, which must come before the thread sleeps. */
    void defer(NetworkStack stack) {
        if (!deferred) {
            deferred = true;
            stack.defer(c);
        }
    }

    /** The ring is full or there is no frame: tries again with the next poll, which the device queue asks for in time. */
    void starve(NetworkStack stack) {
        if (!starving) {
            starving = true;
            stack.starve(c);
        }
    }

    void notDeferred() {
        deferred = false;
        starving = false;
    }

    /** A frame, or 0 where there is none, or those that are left are for connections that hold less. */
    long allocate(int size, DeviceQueue device) {
        Link link = c.linkOrNull();
        boolean reserved = link != null && device.isReserved(link, room.unreadByPeer());
        long frame = reserved ? 0 : device.allocate(size);
        room.frames(frame == 0);
        return frame;
    }

    /** The end of a batch: whether frames have come back. The program is not told of room before. */
    void lookForFrames(NetworkStack stack) {
        if (room.lacksFrames()) {
            long frame = allocate(c.maxPayload(), stack.queue());
            if (frame == 0) {
                starve(stack);
            } else {
                stack.queue().free(frame);
            }
        }
    }

    int usableWindow() {
        int flight = nxt - una;
        int window = windowKnown ? wnd : Math.max(wnd, c.settings().sendBuffer());
        return Math.min(window, retransmission.congestionWindow()) - flight;
    }

    /**
     * Takes the window of the peer's SYN, which can't say more than 65,535. On a lossless port what is accepted is to
     * survive this process: until the peer says more, it is published as far as the send buffer goes, since its
     * memory is the sender's.
     */
    void firstWindow(Segment syn, boolean lossless) {
        wnd = syn.wnd;
        maxWnd = syn.wnd;
        wl1 = syn.seq;
        wl2 = syn.ack;
        windowKnown = !lossless || windowShift == 0 || syn.wnd < 0xffff;
    }

    /** Publishes what the windows and the other flows of the link allow, then a FIN if one is due. */
    void output(NetworkStack stack) {
        if (queue.hasUnpublished() || !intake.isHandOffEmpty() || finQueued) {
            outputWaiting(stack, null);
        }
    }

    private void outputWaiting(NetworkStack stack, @Nullable OutOfLine never) {
        if (!c.canSend()) {
            // Nothing goes out, and there may be no link yet.
            publishInTurn(stack);
            return;
        }
        TransmitQueues queues = stack.transmitQueues();
        Turn turn;
        if (queues.isFree()) {
            flow.grant(true);
            turn = publishInTurn(stack);
        } else {
            queues.admit(flow);
            turn = flow.goAmongOthers(stack);
        }
        if (turn != Turn.DRAINED) {
            queues.await(flow, turn);
        }
    }

    /** The same within the deficit of the flow. */
    Turn publishInTurn(NetworkStack stack) {
        if (!c.canSend()) {
            if (c.state() == TcpState.CLOSE_WAIT && hasUnpublished()) {
                // Written after the peer's death: as in the kernel, the next write fails.
                Closing.terminate(c, Failure.NONE, stack);
            }
            return Turn.DRAINED;
        }
        intake.drainHandOff(stack);
        Turn turn = publish(stack, false);
        if (finQueued && !finSent && !hasUnpublished()) {
            sendFin(stack);
        }
        return turn;
    }

    private Turn publish(NetworkStack stack, boolean ignoreWindow) {
        while (queue.hasUnpublished()) {
            int usable = ignoreWindow ? Integer.MAX_VALUE : usableWindow();
            int length = Math.min(Math.min(queue.nextLength(), usable), c.maxPayload());
            if (length <= 0 || (!ignoreWindow && !worthSending(length, stack))) {
                retransmission.windowClosed(stack);
                return Turn.DRAINED;
            }
            if (!ignoreWindow && !flow.mayGo()) {
                return Turn.SPENT;
            }
            if (length > mss && length < queue.nextLength()) {
                // As the window allows: in whole segments.
                length -= length % mss;
            }
            boolean last = length == queue.unpublished();
            int flags = last ? Tcp.ACK | Tcp.PSH : Tcp.ACK;
            if (!ignoreWindow && flow.isHeldBack()
                    || !stack.writer().framed(c, flags, nxt, queue.nextFrame(), queue.nextOffset(), length)) {
                return Turn.BLOCKED;
            }
            retransmission.sent(nxt, length, stack);
            advance(length);
            queue.publish(length);
            if (stack.lossless()) {
                queue.freePublished(stack.queue());
            }
        }
        return Turn.DRAINED;
    }

    /** Sender's silly window avoidance and Nagle (RFC 9293, sections 3.8.6.2.1 and 3.7.4). */
    private boolean worthSending(int length, NetworkStack stack) {
        if (length >= mss || length >= maxWnd / 2) {
            return true;
        }
        boolean all = length == queue.unpublished();
        if (stack.lossless() || !all) {
            // What a frame ends with goes out as it is: the next byte is in another one.
            return length == queue.nextLength();
        }
        return all && (c.options().noDelay() || nxt == una || finQueued);
    }

    private void sendFin(NetworkStack stack) {
        if (!stack.lossless() && usableWindow() <= 0) {
            // It takes room in the window as data do.
            retransmission.windowClosed(stack);
        } else if (stack.writer().control(c, Tcp.FIN | Tcp.ACK, nxt)) {
            retransmission.sent(nxt, 1, stack);
            finNumbered = true;
            finSeq = nxt;
            advance(1);
            finSent = true;
            Closing.finSent(c);
        } else {
            starve(stack);
        }
    }

    /** Publishes everything, whatever the peer's window: this process ends. True when nothing is left. */
    boolean flushForExit(NetworkStack stack) {
        if (!c.canSend()) {
            return true;
        }
        intake.drainHandOff(stack);
        publish(stack, true);
        return !hasUnpublished();
    }

    /** Takes the acknowledgment of the SYN, which is no data. */
    void synAcknowledged(NetworkStack stack) {
        una = iss + 1;
        retransmission.acknowledged(una, 0, stack);
    }

    /** Takes an acceptable acknowledgment of new data: SND.UNA &lt; SEG.ACK =&lt; the highest SND.NXT. */
    void acknowledge(int ack, NetworkStack stack) {
        int bytes = ack - una;
        if (finNumbered && ack == finSeq + 1) {
            finAcked = true;
            finSent = true;
            bytes--;
        }
        if (Seq.lessThan(nxt, ack)) {
            skipTo(ack);
        }
        una = ack;
        if (!stack.lossless()) {
            queue.acknowledge(bytes, stack.queue());
        }
        acknowledged += bytes;
        retransmission.acknowledged(ack, bytes, stack);
    }

    /** What was to be sent again has arrived after all. */
    private void skipTo(int ack) {
        int left = ack - nxt;
        while (left > 0 && queue.hasUnpublished()) {
            int part = Math.min(left, queue.nextLength());
            queue.publish(part);
            left -= part;
        }
        nxt = ack;
    }

    /** Takes the window of an acceptable segment (RFC 9293, section 3.10.7.4, fifth step). */
    void updateWindow(Segment s) {
        if (!s.has(Tcp.SYN)) {
            updateWindow(s.seq, s.ack, s.wnd);
        } else if (isNewer(s.seq, s.ack)) {
            takeWindow(s.seq, s.ack, s.wnd);
        }
    }

    /** The same of one that is no SYN: the field is scaled. */
    void updateWindow(int seq, int ack, int field) {
        if (isNewer(seq, ack)) {
            if (!windowKnown) {
                windowKnown = true;
            }
            takeWindow(seq, ack, field << windowShift);
        }
    }

    private boolean isNewer(int seq, int ack) {
        return Seq.lessThan(wl1, seq) || wl1 == seq && Seq.atMost(wl2, ack);
    }

    private void takeWindow(int seq, int ack, int window) {
        wnd = window;
        maxWnd = Math.max(maxWnd, window);
        wl1 = seq;
        wl2 = ack;
    }

    /** Works out what the peer has room for again, from acknowledgment and window. */
    void updateCleared(boolean lossless) {
        room.cleared(lossless ? acknowledged - (maxWnd - wnd) : acknowledged);
    }

    boolean allAcknowledged() {
        return una == nxt && !queue.hasUnpublished() && intake.isHandOffEmpty();
    }

    boolean hasUnpublished() {
        return queue.hasUnpublished() || !intake.isHandOffEmpty();
    }

    void discard(DeviceQueue device) {
        TransmitQueues.withdraw(flow);
        queue.freeAll(device);
    }
}
