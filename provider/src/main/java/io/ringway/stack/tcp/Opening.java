package io.ringway.stack.tcp;

import io.ringway.nic.Capabilities;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Route;
import io.ringway.stack.AcceptedPairs;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.Tcp;

/** How connections come into being: active and passive open (RFC 9293, sections 3.10.1 and 3.10.7.2). Owner only. */
public final class Opening {
    /** RFC 9293, section 3.7.1: without an MSS option. */
    public static final int DEFAULT_MSS = 536;

    /** Smaller values are not believed: they would make a peer's every byte cost a segment. */
    private static final int SMALLEST_MSS = 64;

    private Opening() {}

    /**
     * The OPEN call of any thread, for the owner to perform.
     *
     * @param context the connection, in SYN-SENT
     * @param now when it was called, in nanoseconds
     */
    record Active(TcpConnection context, long now) implements NetworkStack.Request {
        @Override
        public void run(NetworkStack stack) {
            active(context, stack, now);
        }
    }

    /** The OPEN call: puts the TCB into the tables and sends the SYN. */
    static void active(TcpConnection c, NetworkStack stack, long nowNanos) {
        if (c.state() != TcpState.SYN_SENT) {
            return;
        }
        stack.advanceTo(nowNanos);
        Route route = c.route;
        if (route == null || !route.peer().alive()) {
            Closing.terminate(c, Failure.PEER_GONE, stack);
            return;
        }
        c.mobility.home(stack);
        c.link(stack.queue().port().link(stack.queue(), route));
        c.route = null;
        c.program.claimReadPosition(stack);
        stack.arrive(c);
        if (stack.lossless()) {
            c.synAt = stack.now() + c.settings().synWait();
        }
        sendSyn(c, stack);
        stack.timerChanged(c);
        stack.queue().flush();
    }

    /** Sends, or sends again, the SYN or SYN-ACK of this state. */
    static void sendSyn(TcpConnection c, NetworkStack stack) {
        boolean passive = c.state() == TcpState.SYN_RECEIVED;
        boolean sent = stack.writer().control(c, passive ? Tcp.SYN | Tcp.ACK : Tcp.SYN, c.send.iss);
        if (!sent && stack.lossless()) {
            Closing.terminate(c, Failure.PEER_NOT_RESPONDING, stack);
            return;
        }
        if (sent) {
            c.send.retransmission.sent(c.send.iss, 1, stack);
        }
        if (c.send.nxt == c.send.iss) {
            c.send.advance(1);
        }
    }

    /** Both sides sent a SYN (RFC 9293, section 3.5). */
    static void simultaneous(TcpConnection c, NetworkStack stack) {
        c.state(TcpState.SYN_RECEIVED);
        sendSyn(c, stack);
    }

    /** LISTEN state, third: check for a SYN. The listener has room. */
    public static void passive(TcpListener listener, Segment s, Link link, NetworkStack stack) {
        if (!listener.reserve()) {
            stack.counters().backlogFull++;
            return;
        }
        TcpConnection c = new TcpConnection(
                stack,
                new IpEndpoint(s.destinationHigh, s.destinationLow, s.destinationPort),
                new IpEndpoint(s.sourceHigh, s.sourceLow, s.sourcePort),
                new TcpOptions(listener.defaults()),
                stack.initialSequence());
        AcceptedPairs pairs = listener.table().pairs();
        if (pairs != null && !pairs.claim(c)) {
            // The client goes over the kernel.
            listener.unreserve();
            stack.counters().pairsInUse++;
            stack.answerWithReset(s);
            return;
        }
        c.listener = listener;
        c.mobility.home(stack);
        c.link(link);
        c.program.claimReadPosition(stack);
        c.program.notAccepted(stack);
        c.receive.start(s.seq);
        agree(c, s, stack);
        c.state(TcpState.SYN_RECEIVED);
        if (pairs != null) {
            c.onClosed(new PairReturn(pairs, c));
        }
        stack.arrive(c);
        sendSyn(c, stack);
    }

    /** Gives the pair of ends back when the connection is gone. */
    private record PairReturn(AcceptedPairs pairs, TcpConnection connection) implements Runnable {
        @Override
        public void run() {
            pairs.release(connection);
        }
    }

    /** Takes the peer's options: MSS and window scale; scaling only if both sides offer it (RFC 7323, section 2.2). */
    static void agree(TcpConnection c, Segment s, NetworkStack stack) {
        Capabilities capabilities = stack.queue().capabilities();
        int mine = capabilities.segmentSize(c.ipHeaderLength + Tcp.HEADER);
        // MSS can't say more than 65,535; between ports that carry more, that value means "whatever the port carries".
        c.send.mss = s.mss == 0xffff ? mine : Math.clamp(s.mss, SMALLEST_MSS, mine);
        c.send.maxPayload = capabilities.segmentation() ? capabilities.maxPayload() : c.send.mss;
        if (s.windowShift >= 0) {
            c.send.windowShift = s.windowShift;
        } else {
            c.send.windowShift = 0;
            c.receive.noScaling();
        }
        c.peerReadPosition = s.readPosition;
        c.send.firstWindow(s, stack.lossless());
        c.send.retransmission.start(c.send.mss, stack.lossless());
    }

    static void established(TcpConnection c, NetworkStack stack) {
        c.state(TcpState.ESTABLISHED);
        c.synAt = Long.MAX_VALUE;
        c.keepAlive.start(c, stack);
        stack.counters().connectionsOpened++;
        c.notify = true;
        stack.touched(c);
        TcpListener listener = c.listener;
        if (listener != null) {
            c.listener = null;
            if (!listener.offer(c)) {
                c.orphan = true;
                Closing.abort(c, stack);
            }
        }
    }
}
