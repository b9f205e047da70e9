package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;

/** What happens when a timer of a connection is due. Owner only; times in nanoseconds. */
public final class Timers {
    /** RFC 9293, section 3.8.6.3: less than half a second. */
    static final long DELAYED_ACK = 40_000_000L;

    private Timers() {}

    /** Serves the timers of {@code c} that are due. */
    public static void expired(TcpConnection c, NetworkStack stack) {
        long now = stack.now();
        if (c.lingerAt <= now) {
            c.lingerAt = Long.MAX_VALUE;
            Closing.terminate(c, Failure.NONE, stack);
            return;
        }
        if (c.synAt <= now) {
            synUnanswered(c, stack);
        }
        if (c.acknowledgeAt <= now) {
            c.acknowledgeAt = Long.MAX_VALUE;
            if (c.receive.hasUnacknowledged()) {
                c.sendAck(stack);
            }
        }
        if (c.stallAt <= now) {
            c.send.room.watched(stack);
        }
        if (c.retransmitAt <= now) {
            c.retransmitAt = Long.MAX_VALUE;
            c.send.retransmission.expired(stack);
        }
        c.keepAlive.expired(c, stack);
        if (c.state() != TcpState.CLOSED) {
            stack.timerChanged(c);
        }
    }

    /**
     * A stopped peer is given up at once; one that runs may be slow (start-up, garbage collection, a busy machine). If it
     * has taken the SYN and didn't answer, its listener's backlog was full: it is asked again.
     */
    private static void synUnanswered(TcpConnection c, NetworkStack stack) {
        c.synWaited += c.settings().synWait();
        if (c.synWaited < c.settings().connectTimeout() && !c.link().peer().stopped()) {
            c.synAt = stack.now() + c.settings().synWait();
            if (c.link().lag() == 0) {
                Opening.sendSyn(c, stack);
            }
        } else {
            c.synAt = Long.MAX_VALUE;
            Closing.terminate(c, Failure.PEER_NOT_RESPONDING, stack);
        }
    }
}
