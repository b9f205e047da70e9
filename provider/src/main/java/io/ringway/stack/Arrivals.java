package io.ringway.stack;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.stack.tcp.Closing;
import io.ringway.stack.tcp.Opening;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.wire.Tcp;
import org.jspecify.annotations.Nullable;

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
            noConnection(s, null);
        } else if (c.stack() == stack) {
            c.segmentArrives(s, stack);
            stack.prediction().remember(c);
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
        c.stack().submit(new Late(c, late));
    }

    /** A segment that its connection's former stack has sent after it. */
    private record Late(TcpConnection context, Segment segment) implements NetworkStack.Request {
        @Override
        public void run(NetworkStack owner) {
            if (context.stack() == owner) {
                context.segmentArrives(segment, owner);
                segment.release(owner);
            } else {
                deliverLate(context, segment);
            }
        }
    }

    /** {@code teller} has delivered all that the lost peer sent to it; {@code stack} is the stack that is owned. */
    void peerGone(TcpConnection c, Peer peer, NetworkStack teller) {
        if (c.stack() == stack) {
            Closing.peerGone(c, peer, teller, stack);
        } else {
            // Behind the segments that it forwarded.
            c.stack().submit(new PeerGone(c, peer, teller));
        }
    }

    private record PeerGone(TcpConnection context, Peer peer, NetworkStack teller) implements NetworkStack.Request {
        @Override
        public void run(NetworkStack owner) {
            owner.arrivals().peerGone(context, peer, teller);
        }
    }

    private void noConnection(Segment s, @Nullable OutOfLine never) {
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
