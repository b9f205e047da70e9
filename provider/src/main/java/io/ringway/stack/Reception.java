package io.ringway.stack;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.offload.DescriptorList;
import io.ringway.stack.tcp.HeaderPrediction;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.TcpConnection;
import java.lang.foreign.MemorySegment;

/** What a stack's device queue delivers: frames become segments, which are brought to their connections. Owner only. */
final class Reception implements FrameHandler {
    private final NetworkStack stack;
    private final StackCounters counters;
    private final Demultiplexer connections;
    private final Arrivals arrivals;
    private final HeaderPrediction prediction;
    private final SegmentParser parser = new SegmentParser();

    Reception(NetworkStack stack, Demultiplexer connections, Arrivals arrivals, HeaderPrediction prediction) {
        this.stack = stack;
        this.connections = connections;
        this.arrivals = arrivals;
        this.prediction = prediction;
        counters = stack.counters();
    }

    @Override
    public void onFrame(
            Link source,
            long[] headers,
            int headerLength,
            MemorySegment payload,
            long payloadOffset,
            int payloadLength,
            long frame) {
        counters.segmentsReceived++;
        TcpConnection c = payloadLength == 0 ? null : prediction.find(headers, headerLength, payloadLength);
        if (c != null
                && prediction.take(c, source, headers, parser.view(payload), payloadOffset, payloadLength, frame)) {
            return;
        }
        Segment s = parser.segment();
        s.frame = frame;
        s.origin = stack;
        if (parser.parse(source, headers, headerLength, payload, payloadOffset, payloadLength)) {
            arrivals.dispatch(s);
        } else {
            counters.malformed++;
        }
        s.release(stack);
    }

    @Override
    public void onAggregate(Link source, long[] headers, int headerLength, DescriptorList payload) {
        counters.segmentsReceived++;
        Segment s = parser.segment();
        s.frame = 0;
        s.origin = stack;
        if (parser.parse(source, headers, headerLength, payload)) {
            arrivals.dispatch(s);
        } else {
            counters.malformed++;
            for (int i = 0; i < payload.size(); i++) {
                if (payload.frame(i) != 0) {
                    stack.queue().release(payload.frame(i));
                }
            }
        }
        s.release(stack);
    }

    @Override
    public void onPeerGone(Peer peer) {
        for (TcpConnection c : connections.snapshot()) {
            arrivals.peerGone(c, peer, stack);
        }
    }
}
