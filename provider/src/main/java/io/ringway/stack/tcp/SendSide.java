package io.ringway.stack.tcp;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.offload.FlowScheduler.Turn;
import io.ringway.nic.offload.FrameLoan;
import io.ringway.nic.offload.GatherList;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import io.ringway.stack.TransmitQueues;
import io.ringway.wire.Tcp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The send half of a connection: SND.UNA, SND.NXT, SND.WND and the bytes on their way out. Owner only, except where a
 * method says otherwise.
 */
final class SendSide {
    /** A collected tail is published when it holds this much. */
    private static final int PUBLISH = 16 << 10;

    /** Bytes that may wait in heap memory for the owner, who may have no frame for them for long. */
    private static final int HAND_OFF = 64 << 10;

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
    /** From threads that could not own the stack; made by the first of them. */
    private volatile @Nullable StreamQueue handOff;

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
    }

    // ---- the program's side: under the channel's write lock ----

    /** Takes bytes from a thread that does not own the stack. */
    int handOff(ByteBuffer source) {
        StreamQueue q = handOff;
        if (q == null) {
            q = new StreamQueue();
            handOff = q;
        }
        int n = Math.min(source.remaining(), Math.min(room.now(), HAND_OFF - (int) q.available()));
        if (n <= 0) {
            return 0;
        }
        q.appendCopy(source, n);
        room.accept(n);
        return n;
    }

    /** Whether bytes can still be accepted here: a poll may have ended the connection, or moved it to another stack. */
    private boolean accepts(NetworkStack stack) {
        return c.stack() == stack && c.state() != TcpState.CLOSED && !finQueued;
    }

    /** Takes bytes from the thread that owns the stack, and publishes what the windows allow. */
    int write(ByteBuffer source, NetworkStack stack) {
        int n = askForRoom(source.remaining(), stack);
        if (n == 0) {
            return 0;
        }
        boolean behind = flow.isBehind();
        if (!behind && writeInline(source, n, stack)) {
            return n;
        }
        int done = append(source, n, behind, stack);
        if (c.stack() != stack) {
            // It moved between two pieces, when all before was published.
            return done;
        }
        if (behind && queue.unpublished() < PUBLISH) {
            defer(stack);
        } else {
            output(stack);
        }
        return done;
    }

    /** How many of {@code most} bytes can be accepted; polls first where that is not all. */
    private int askForRoom(int most, NetworkStack stack) {
        int n = Math.min(most, room.unasked());
        if (n < most) {
            stack.poll(stack.now());
            n = accepts(stack) ? Math.min(most, room.now()) : 0;
            if (n == 0 && accepts(stack)) {
                room.watchReader(stack);
            }
        }
        return n;
    }

    /** The same from several buffers, by descriptors (M10). */
    long write(ByteBuffer[] sources, int offset, int length, NetworkStack stack) {
        GatherList list = stack.gather();
        int end = offset + length;
        int next = offset;
        long total = 0;
        while (next < end) {
            next = list.take(sources, next, end);
            stack.counters().descriptors += list.descriptors();
            stack.counters().descriptorsMerged += list.merged();
            total += write(list, stack);
            if (c.stack() != stack) {
                // It moved between two pieces, when all before was published.
                list.clear();
                return total;
            }
            if (list.remaining() > 0) {
                break;
            }
        }
        list.clear();
        output(stack);
        return total;
    }

    private int write(GatherList list, NetworkStack stack) {
        int most = (int) Math.min(list.remaining(), Integer.MAX_VALUE);
        if (most > room.unasked()) {
            output(stack);
        }
        int n = askForRoom(most, stack);
        return n > 0 && n == list.remaining() && writeInline(list, n, stack) ? n : append(list, n, stack);
    }

    /**
     * Takes a frame that the program has filled, whole, as long as there is any room. What fits into a slot is copied.
     *
     * @param from where in the frame the bytes start
     * @return {@code length}, or 0 when there is no room
     */
    int writeFrame(FrameLoan loan, int from, int length, NetworkStack stack) {
        if (room.unasked() < length) {
            stack.poll(stack.now());
            if (!accepts(stack)) {
                return 0;
            }
            if (room.now() == 0) {
                room.watchReader(stack);
                return 0;
            }
        }
        drainHandOff(stack);
        if (!isHandOffEmpty() || !accepts(stack)) {
            return 0;
        }
        // The program's next frame is one that its peer has just read, and still in the cache.
        stack.queue().reclaim();
        queue.addFilled(loan.handOver(), from, length);
        room.accept(length);
        if (length > stack.writer().inlineRoom(c)) {
            stack.counters().bytesByReferenceIn += length;
        } else {
            stack.counters().bytesCopiedIn += length;
        }
        output(stack);
        return length;
    }

    private boolean writeInline(ByteBuffer source, int n, NetworkStack stack) {
        long at = claimInline(n, stack);
        if (at < 0) {
            return false;
        }
        stack.view().put(at, source, n);
        commitInline(n, stack);
        return true;
    }

    private boolean writeInline(GatherList list, int n, NetworkStack stack) {
        long at = flow.isBehind() ? -1 : claimInline(n, stack);
        if (at < 0) {
            return false;
        }
        list.moveTo(stack.view().segment(), at, n);
        commitInline(n, stack);
        return true;
    }

    /** Where in the slot {@code n} bytes go, or -1 if they have to go by a frame. */
    private long claimInline(int n, NetworkStack stack) {
        boolean direct = stack.lossless()
                && n <= stack.writer().inlineRoom(c)
                && queue.isEmpty()
                && isHandOffEmpty()
                && n <= usableWindow()
                && c.canSend()
                && mayGoAtOnce(stack.transmitQueues());
        return direct ? stack.writer().claimInline(c, Tcp.ACK | Tcp.PSH, nxt, n) : -1;
    }

    private void commitInline(int n, NetworkStack stack) {
        stack.writer().commitInline(c, n);
        advance(n);
        room.accept(n);
        stack.counters().bytesCopiedIn += n;
    }

    /** Whether no other flow's turn comes first. */
    private boolean mayGoAtOnce(TransmitQueues queues) {
        if (queues.isIdle()) {
            return true;
        }
        queues.admit(flow);
        return flow.mayGo();
    }

    /** Moves SND.NXT over what was just sent. */
    void advance(int sequenceNumbers) {
        nxt += sequenceNumbers;
        if (Seq.lessThan(max, nxt)) {
            max = nxt;
        }
    }

    private int append(ByteBuffer source, int n, boolean behind, NetworkStack stack) {
        int done = 0;
        int part = roomFor(n, done, behind, stack);
        while (part > 0) {
            stack.view().put(queue.openOffset(), source, part);
            appended(part, stack);
            done += part;
            part = roomFor(n, done, behind, stack);
        }
        return done;
    }

    private int append(GatherList list, int n, NetworkStack stack) {
        int done = 0;
        int part = roomFor(n, done, true, stack);
        while (part > 0) {
            list.moveTo(stack.view().segment(), queue.openOffset(), part);
            appended(part, stack);
            done += part;
            part = roomFor(n, done, true, stack);
        }
        return done;
    }

    private void appended(int bytes, NetworkStack stack) {
        queue.grow(bytes);
        room.accept(bytes);
        stack.counters().bytesCopiedIn += bytes;
    }

    /** How many of {@code n} bytes, after the first {@code done}, go into the open frame; 0: all is done, or no frame. */
    private int roomFor(int n, int done, boolean behind, NetworkStack stack) {
        if (done == 0) {
            drainHandOff(stack);
            if (!isHandOffEmpty() || !accepts(stack)) {
                return 0;
            }
        }
        if (done == n) {
            return 0;
        }
        int open = queue.openRoom();
        if (open == 0) {
            if (done > 0) {
                output(stack);
                stack.poll(stack.now());
                if (!accepts(stack)) {
                    return 0;
                }
            }
            open = openFrame(n - done, behind, stack.queue());
            if (open == 0) {
                starve(stack);
            }
        }
        return Math.min(open, n - done);
    }

    private int openFrame(int wanted, boolean behind, DeviceQueue device) {
        int size = Math.min(Math.max(wanted, behind ? PUBLISH : 1), c.maxPayload());
        long frame = device.allocate(size);
        room.frames(frame == 0);
        if (frame == 0) {
            return 0;
        }
        int capacity = Math.min(device.capacity(frame), c.maxPayload());
        queue.add(frame, capacity);
        return capacity;
    }

    // ---- the owner's side ----

    private boolean isHandOffEmpty() {
        StreamQueue q = handOff;
        return q == null || q.available() == 0;
    }

    private void drainHandOff(NetworkStack stack) {
        StreamQueue q = handOff;
        if (q == null) {
            return;
        }
        while (q.available() > 0) {
            int want = (int) Math.min(q.available(), Integer.MAX_VALUE);
            int open = queue.openRoom();
            if (open == 0) {
                open = openFrame(want, false, stack.queue());
            }
            if (open == 0) {
                starve(stack);
                return;
            }
            int n = q.read(stack.view(), queue.openOffset(), Math.min(open, want));
            queue.grow(n);
            stack.counters().bytesCopiedIn += n;
            stack.counters().bytesHandedOff += n;
        }
        q.dropPassed();
    }

    /** Leaves publishing to the next poll, which must come before the thread sleeps. */
    private void defer(NetworkStack stack) {
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

    /** The end of a batch: whether frames have come back. The program is not told of room before. */
    void lookForFrames(NetworkStack stack) {
        if (room.lacksFrames()) {
            long frame = stack.queue().allocate(c.maxPayload());
            room.frames(frame == 0);
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
        if (!queue.hasUnpublished() && isHandOffEmpty() && !finQueued) {
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
        drainHandOff(stack);
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
        drainHandOff(stack);
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
        if (Seq.lessThan(wl1, s.seq) || (wl1 == s.seq && Seq.atMost(wl2, s.ack))) {
            wnd = s.wnd << (s.has(Tcp.SYN) ? 0 : windowShift);
            if (!windowKnown && !s.has(Tcp.SYN)) {
                windowKnown = true;
            }
            maxWnd = Math.max(maxWnd, wnd);
            wl1 = s.seq;
            wl2 = s.ack;
        }
    }

    /** Works out what the peer has room for again, from acknowledgment and window. */
    void updateCleared(boolean lossless) {
        room.cleared(lossless ? acknowledged - (maxWnd - wnd) : acknowledged);
    }

    boolean allAcknowledged() {
        return una == nxt && !queue.hasUnpublished() && isHandOffEmpty();
    }

    boolean hasUnpublished() {
        return queue.hasUnpublished() || !isHandOffEmpty();
    }

    void discard(DeviceQueue device) {
        TransmitQueues.withdraw(flow);
        queue.freeAll(device);
    }
}
