package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** One circular piece of a {@link StreamQueue}; positions count up for ever. */
abstract sealed class StreamNode permits PackedNode, FrameNode, SpillNode {
    private static final AtomicReferenceFieldUpdater<StreamNode, StreamNode> NEXT =
            AtomicReferenceFieldUpdater.newUpdater(StreamNode.class, StreamNode.class, "next");
    private static final AtomicLongFieldUpdater<StreamNode> WRITTEN =
            AtomicLongFieldUpdater.newUpdater(StreamNode.class, "written");
    private static final AtomicLongFieldUpdater<StreamNode> READ =
            AtomicLongFieldUpdater.newUpdater(StreamNode.class, "read");

    /** Place in the chain. */
    int serial;

    private volatile @Nullable StreamNode next;
    private volatile long written;
    private volatile long read;

    @Nullable
    final StreamNode next() {
        return next;
    }

    final StreamNode linkedNext() {
        StreamNode node = next();
        if (node == null) {
            throw new IllegalStateException("the last node was passed");
        }
        return node;
    }

    final void next(StreamNode node) {
        NEXT.lazySet(this, node);
    }

    final long written() {
        return written;
    }

    final void written(long position) {
        WRITTEN.lazySet(this, position);
    }

    final long position() {
        return read;
    }

    final void position(long position) {
        READ.lazySet(this, position);
    }

    final boolean isEmpty() {
        return written() == position();
    }

    /** Producer: makes a passed node new. */
    void restart(int newSerial) {
        serial = newSerial;
        NEXT.lazySet(this, null);
        WRITTEN.lazySet(this, 0L);
        READ.lazySet(this, 0L);
    }

    /** Consumer: marks all as read, unseen. */
    final void skipAll() {
        position(written());
    }

    /** Consumer: bytes that are there in one piece; 0 when nothing is. */
    abstract int run();

    /** Consumer: copies what is there and fits; 0 when nothing is there. */
    abstract int read(ByteBuffer target);

    /** Producer: gives back what was read. */
    abstract void reclaim(NetworkStack owner);
}
