package io.ringway.nic;

import io.ringway.nic.offload.DescriptorList;
import java.lang.foreign.MemorySegment;

/** Takes what a {@link DeviceQueue} received. Called on the thread that owns the queue, inside {@link DeviceQueue#receive}. */
public interface FrameHandler {
    /**
     * One frame, starting with its IP header.
     *
     * <p>The headers are a private copy: the sender can't change them any more. They are valid during the call.
     * The payload is read-only and, where the sender is another process, may change under the reader: never
     * interpret it. With {@code frame == 0} it is valid during the call only; otherwise it stays valid until
     * {@link DeviceQueue#release(long)} is called with that value, which must happen exactly once.
     *
     * @param source the way back to the queue that the sender named as its receive queue (M9)
     * @param headers the headers as big-endian words, the first byte uppermost in the first; what stands behind
     *     {@code headerLength} is left over from others
     * @param headerLength bytes of IP and transport headers
     * @param payload the segment that holds the payload
     * @param payloadOffset where in it the payload starts
     * @param payloadLength its length in bytes, may be 0
     * @param frame 0, or what to release
     */
    void onFrame(
            Link source,
            long[] headers,
            int headerLength,
            MemorySegment payload,
            long payloadOffset,
            int payloadLength,
            long frame);

    /**
     * One segment that was collected from several frames (M11). As {@link #onFrame}, but the payload is in pieces: a
     * piece whose frame is 0 is valid during the call only, every other frame must be released exactly once. The list is
     * valid during the call. Only a queue whose receive pipeline collects calls this.
     */
    default void onAggregate(Link source, long[] headers, int headerLength, DescriptorList payload) {
        throw new UnsupportedOperationException("takes no aggregates");
    }

    /** All that {@code peer} published has been delivered, and the peer process is gone: nothing more comes. */
    void onPeerGone(Peer peer);
}
