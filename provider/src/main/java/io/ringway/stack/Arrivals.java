package io.ringway.stack;

import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.stack.tcp.Closing;
import io.ringway.stack.tcp.Opening;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.wire.Tcp;

/** Brings a segment to its connection, wherever that has moved, or to a listener (RFC 9293, section 3.10.7). Owner only. */
final class Arrivals {
    private final NetworkStack stack;
    private final Demultiplexer connections;
    private final ListenerTable listeners;

    Arrivals(NetworkStack stack, Demultiplexer connections, ListenerTable listeners) {
        this.stack = stack;
        this.connections = connections;
        this.listeners = listeners;
    }

    void dispatch(Segment s) {
        TcpConnection c = connections.find(s);
        if (c == null) {
            noConnection(s);
        } else if (c.stack() == stack) {
            c.segmentArrives(s, stack);
        } else {
            forward(c, s);
        }
    }

    /** The connection has moved: its new stack takes the segment, with whatever came before it (M9). */
    private void forward(TcpConnection c, Segment s) {
        stack.counters().forwarded++;
        Segment late = s.keep();
        deliverLate(c, late);
    }

    private static void deliverLate(TcpConnection c, Segment late) {
        c.stack().submit(NetworkStack.Request.about(c, owner -> {
            if (c.stack() == owner) {
                c.segmentArrives(late, owner);
                late.release(owner);
            } else {
                deliverLate(c, late);
            }
        }));
    }

    /** {@code teller} has delivered all that the lost peer sent to it; {@code stack} is the stack that is owned. */
    void peerGone(TcpConnection c, Peer peer, NetworkStack teller) {
        if (c.stack() == stack) {
            Closing.peerGone(c, peer, teller, stack);
        } else {
            // Behind the segments that it forwarded.
            c.stack()
                    .submit(NetworkStack.Request.about(
                            c, owner -> owner.arrivals().peerGone(c, peer, teller)));
        }
    }

    private void noConnection(Segment s) {
        boolean reset = (s.flags & Tcp.RST) != 0;
        boolean syn = (s.flags & (Tcp.SYN | Tcp.ACK)) == Tcp.SYN;
        Link link = s.source;
        if (reset || link == null) {
            return;
        }
        TcpListener listener = syn ? listeners.find(s.destinationHigh, s.destinationLow, s.destinationPort) : null;
        if (listener != null) {
            Opening.passive(listener, s, link, stack);
        } else {
            stack.counters().unreachable++;
            stack.answerWithReset(s);
        }
    }
}
