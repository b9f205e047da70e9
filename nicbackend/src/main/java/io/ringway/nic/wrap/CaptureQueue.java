package io.ringway.nic.wrap;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Port;
import io.ringway.nic.offload.DescriptorList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A queue that has everything that passes it recorded. */
final class CaptureQueue extends WrappedQueue {
    private final CaptureFile file;
    private final PacketRing ring;
    private final Tap tap = new Tap();
    private long claimed;

    CaptureQueue(Port port, DeviceQueue inner, CaptureFile file) {
        super(port, inner);
        this.file = file;
        ring = file.openRing(port.name());
    }

    // ---- out ----

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        claimed = super.claim(link, headerLength, inlineLength);
        return claimed;
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        recordSent(headerLength, frame, payloadOffset, payloadLength);
        super.commit(link, headerLength, frame, payloadOffset, payloadLength);
    }

    @Override
    public void commit(
            Link link, int headerLength, long frame, long payloadOffset, int payloadLength, int segmentSize) {
        recordSent(headerLength, frame, payloadOffset, payloadLength);
        super.commit(link, headerLength, frame, payloadOffset, payloadLength, segmentSize);
    }

    private void recordSent(int headerLength, long frame, long payloadOffset, int payloadLength) {
        int length = headerLength + payloadLength;
        long data = file.begin(ring, length);
        if (data >= 0) {
            long payload = frame == 0 ? claimed + headerLength : payloadOffset;
            MemorySegment.copy(memory(), claimed, ring.memory(), data, headerLength);
            MemorySegment.copy(memory(), payload, ring.memory(), data + headerLength, payloadLength);
            file.commit(ring, data, length, true);
        }
    }

    // ---- in ----

    @Override
    public int receive(FrameHandler handler, int budget) {
        tap.target = handler;
        return super.receive(tap, budget);
    }

    /** Where the payload of a received packet goes in the ring, or -1. */
    private long beginReceived(long[] headers, int headerLength, int payloadLength) {
        long data = file.begin(ring, headerLength + payloadLength);
        if (data < 0) {
            return -1;
        }
        for (int i = 0; i < headerLength; i++) {
            byte b = (byte) (headers[i >>> 3] >>> 56 - (i & 7) * 8);
            ring.memory().set(ValueLayout.JAVA_BYTE, data + i, b);
        }
        return data;
    }

    private final class Tap implements FrameHandler {
        private @Nullable FrameHandler target;

        private FrameHandler target() {
            FrameHandler handler = target;
            if (handler == null) {
                throw new IllegalStateException("nobody receives");
            }
            return handler;
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
            long data = beginReceived(headers, headerLength, payloadLength);
            if (data >= 0) {
                MemorySegment.copy(payload, payloadOffset, ring.memory(), data + headerLength, payloadLength);
                file.commit(ring, data, headerLength + payloadLength, false);
            }
            target().onFrame(source, headers, headerLength, payload, payloadOffset, payloadLength, frame);
        }

        @Override
        public void onAggregate(Link source, long[] headers, int headerLength, DescriptorList payload) {
            long data = beginReceived(headers, headerLength, payload.bytes());
            if (data >= 0) {
                long at = data + headerLength;
                for (int i = 0; i < payload.size(); i++) {
                    MemorySegment.copy(payload.memory(i), payload.offset(i), ring.memory(), at, payload.length(i));
                    at += payload.length(i);
                }
                file.commit(ring, data, headerLength + payload.bytes(), false);
            }
            target().onAggregate(source, headers, headerLength, payload);
        }

        @Override
        public void onPeerGone(Peer peer) {
            target().onPeerGone(peer);
        }
    }
}
