package io.ringway.stack.tcp;

import io.ringway.stack.Fields;
import io.ringway.stack.NetworkStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One circular piece of a {@link StreamQueue}; positions count up for ever. */
abstract sealed class StreamNode permits PackedNode, FrameNode, SpillNode {
    private static final VarHandle NEXT = Fields.handle(MethodHandles.lookup(), "next", StreamNode.class);
    private static final VarHandle WRITTEN = Fields.handle(MethodHandles.lookup(), "written", long.class);
    private static final VarHandle READ = Fields.handle(MethodHandles.lookup(), "read", long.class);

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
        NEXT.setRelease(this, node);
    }

    final long written() {
        return written;
    }

    final void written(long position) {
        WRITTEN.setRelease(this, position);
    }

    final long position() {
        return read;
    }

    final void position(long position) {
        READ.setRelease(this, position);
    }

    final boolean isEmpty() {
        return written() == position();
    }

    /** Producer: makes a passed node new. */
    void restart(int newSerial) {
        serial = newSerial;
        NEXT.set(this, null);
        WRITTEN.set(this, 0L);
        READ.set(this, 0L);
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
