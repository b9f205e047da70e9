package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.Peer;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** How connections end: CLOSE, ABORT, FINs and the death of a peer (RFC 9293, sections 3.6, 3.10.4, 3.10.5). Owner only. */
public final class Closing {
    private Closing() {}

    /** A former stack forwards no more segments to the connection. */
    private record Forgetting(TcpConnection context) implements NetworkStack.Request {
        @Override
        public void run(NetworkStack stack) {
            stack.forget(context);
        }
    }

    static void shutdownOutput(TcpConnection c, NetworkStack stack) {
        if (c.isSynchronised() && !c.send.finQueued) {
            c.send.finQueued = true;
            c.send.output(stack);
            stack.touched(c);
        }
    }

    static void close(TcpConnection c, NetworkStack stack) {
        c.orphan = true;
        switch (c.state()) {
            case CLOSED -> {
                c.receive.queue.discard(stack);
                c.program.dropReadPosition(stack);
            }
            case SYN_SENT, SYN_RECEIVED -> abort(c, stack);
            default -> {
                if (c.receive.leftUnread()) {
                    abort(c, stack);
                    return;
                }
                shutdownOutput(c, stack);
                if (c.state() == TcpState.FIN_WAIT_2) {
                    waitForFin(c, stack);
                }
                if (!c.link().peer().alive()) {
                    terminate(c, Failure.NONE, stack);
                }
            }
        }
    }

    static void abort(TcpConnection c, NetworkStack stack) {
        if (c.state() == TcpState.CLOSED) {
            if (c.orphan) {
                c.receive.queue.discard(stack);
                c.program.dropReadPosition(stack);
            }
            return;
        }
        if (c.state() != TcpState.SYN_SENT) {
            lastSegment(c, Tcp.RST | Tcp.ACK, stack);
            stack.counters().resetsSent++;
        }
        terminate(c, Failure.ABORTED, stack);
    }

    /**
     * Sends what the peer must not miss although the TCB goes: where nothing is sent again, it would wait for ever. With
     * a full ring it goes out with a later poll.
     */
    static void lastSegment(TcpConnection c, int flags, NetworkStack stack) {
        if (c.link().isClosed() || stack.writer().control(c, flags, c.send.max)) {
            c.owed = 0;
        } else if (stack.lossless()) {
            c.owed = flags;
            c.send.starve(stack);
        }
    }

    static void finSent(TcpConnection c) {
        switch (c.state()) {
            case ESTABLISHED, SYN_RECEIVED -> c.state(TcpState.FIN_WAIT_1);
            case CLOSE_WAIT -> c.state(TcpState.LAST_ACK);
            default -> {}
        }
    }

    static void finAcknowledged(TcpConnection c, NetworkStack stack) {
        c.state(TcpState.FIN_WAIT_2);
        if (c.orphan) {
            waitForFin(c, stack);
        }
    }

    /** An orphan doesn't wait for ever. */
    private static void waitForFin(TcpConnection c, NetworkStack stack) {
        c.lingerAt = stack.now() + c.settings().finWait2();
        stack.timerChanged(c);
    }

    /** Both FINs were exchanged. Where nothing can be lost or delayed there is nothing to wait for. */
    static void timeWait(TcpConnection c, NetworkStack stack) {
        if (stack.lossless()) {
            if (c.receive.ackNow) {
                lastSegment(c, Tcp.ACK, stack);
            }
            terminate(c, Failure.NONE, stack);
            return;
        }
        c.state(TcpState.TIME_WAIT);
        c.retransmitAt = Long.MAX_VALUE;
        c.lingerAt = stack.now() + c.settings().timeWait();
        stack.timerChanged(c);
    }

    /**
     * A stack that the connection is or was on has delivered all that the lost peer sent to it. After the last of them
     * nothing more comes.
     */
    public static void peerGone(TcpConnection c, Peer peer, NetworkStack teller, NetworkStack stack) {
        c.mobility.settle(stack);
        if (c.state() == TcpState.CLOSED || !c.isWith(peer)) {
            return;
        }
        if (c.mobility.isBereaved(teller)) {
            peerGone(c, stack);
        } else {
            c.mobility.pollFormerHomes(stack);
        }
    }

    /**
     * What the kernel shows when a process dies: the end of the stream, or a reset if it left bytes unread or some of
     * ours on their way.
     */
    private static void peerGone(TcpConnection c, NetworkStack stack) {
        switch (c.state()) {
            case CLOSED -> {}
            case SYN_SENT -> terminate(c, Failure.PEER_GONE, stack);
            case SYN_RECEIVED, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> terminate(c, Failure.NONE, stack);
            case CLOSE_WAIT -> {
                // The stream has ended well, whatever becomes of the other direction.
                if (unreadByPeer(c) || c.orphan) {
                    terminate(c, Failure.NONE, stack);
                }
            }
            default -> {
                if (unreadByPeer(c) || c.orphan || !c.receive.reassembly.isEmpty()) {
                    terminate(c, Failure.RESET, stack);
                    return;
                }
                c.receive.end();
                if (c.send.finSent) {
                    terminate(c, Failure.NONE, stack);
                    return;
                }
                c.state(TcpState.CLOSE_WAIT);
                c.notify = true;
                stack.touched(c);
            }
        }
    }

    /** Whether a peer that is gone left bytes of ours unread. */
    private static boolean unreadByPeer(TcpConnection c) {
        SendRoom room = c.send.room;
        if (c.peerReadPosition == 0) {
            return room.unreadByPeer() > 0;
        }
        return room.accepted() - c.link().peerWord(c.peerReadPosition) > 0;
    }

    /** The TCB goes; what was received can still be read. */
    static void terminate(TcpConnection c, Failure reason, NetworkStack stack) {
        if (c.state() != TcpState.CLOSED) {
            terminate(c, reason, stack, null);
        }
    }

    private static void terminate(TcpConnection c, Failure reason, NetworkStack stack, @Nullable OutOfLine never) {
        if (reason != Failure.NONE) {
            c.failure(reason);
        }
        c.receive.end();
        c.state(TcpState.CLOSED);
        c.send.discard(stack.queue());
        c.receive.reassembly.discard(stack);
        if (c.orphan || c.listener != null) {
            c.receive.queue.discard(stack);
            c.program.dropReadPosition(stack);
        }
        TcpListener listener = c.listener;
        if (listener != null) {
            c.listener = null;
            listener.unreserve();
        }
        stack.remove(c);
        for (NetworkStack former : c.mobility.formerHomes()) {
            former.submit(new Forgetting(c));
        }
        stack.counters().connectionsClosed++;
        c.runOnClosed();
        c.notify = true;
        stack.touched(c);
    }
}
