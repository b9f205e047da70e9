package io.ringway.stack.tcp;

import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Small payloads of a reader that has stalled, one behind the other in a frame of this process: heap memory would not be
 * bounded by what the process may share. Filled once.
 */
final class SpillNode extends StreamNode {
    /** Bytes to ask for. */
    static final int CAPACITY = 16 << 10;

    private final NetworkStack origin;
    private final long frame;
    private final int capacity;
    private boolean freed;

    /** Takes {@code frame} of the queue of {@code origin} over. */
    SpillNode(NetworkStack origin, long frame) {
        this.origin = origin;
        this.frame = frame;
        this.capacity = origin.queue().capacity(frame);
    }

    /** Producer: whether {@code owner} may append something. */
    boolean accepts(NetworkStack owner) {
        return origin == owner && !freed && written() < capacity;
    }

    /** Producer: appends up to {@code length} bytes, as many as fit. */
    int append(MemoryView view, long offset, int length) {
        long at = written();
        int n = (int) Math.min(length, capacity - at);
        MemorySegment.copy(view.segment(), offset, origin.view().segment(), frame + at, n);
        written(at + n);
        return n;
    }

    @Override
    int run() {
        return (int) (written() - position());
    }

    @Override
    int read(ByteBuffer target) {
        long at = position();
        int n = (int) Math.min(written() - at, target.remaining());
        if (n > 0) {
            origin.view().get(frame + at, target, n);
            position(at + n);
        }
        return n;
    }

    @Override
    void reclaim(NetworkStack owner) {
        // The frame goes back as a whole.
    }

    /** Producer: the reader has passed it, or nobody reads any more. */
    void free(NetworkStack owner) {
        if (!freed) {
            freed = true;
            origin.freeOwn(frame, owner);
        }
    }
}
