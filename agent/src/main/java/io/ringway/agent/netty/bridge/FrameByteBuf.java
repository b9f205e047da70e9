package io.ringway.agent.netty.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.ringway.nic.offload.HeldFrame;
import io.ringway.nic.offload.HeldFrames;
import io.ringway.nio.OutboundReferences;
import org.jspecify.annotations.Nullable;

/**
 * A direct buffer of Netty's in a frame. When its last reference is released the frame goes back, unless a peer still
 * reads it. One whose capacity changes moves to ordinary memory. Threads as with any other ByteBuf.
 */
public final class FrameByteBuf extends UnpooledDirectByteBuf {
    private final HeldFrame frame;

    private FrameByteBuf(ByteBufAllocator allocator, HeldFrame frame, int maxCapacity) {
        super(allocator, frame.buffer(), maxCapacity);
        this.frame = frame;
    }

    /** A buffer in a frame, or null where the allocator must make one of its own. */
    public static @Nullable ByteBuf allocate(ByteBufAllocator allocator, int capacity, int maxCapacity) {
        HeldFrame frame = OutboundReferences.allocate(capacity);
        // Netty's class takes what it is given for written.
        return frame == null ? null : new FrameByteBuf(allocator, frame, maxCapacity).clear();
    }

    /**
     * In place of {@link ByteBufAllocator#ioBuffer(int)}, where what is read goes: an ordinary buffer, the same one again
     * and again, is in the cache.
     */
    public static ByteBuf receive(ByteBufAllocator allocator, int capacity) {
        if (!OutboundReferences.isActive()) {
            return allocator.ioBuffer(capacity);
        }
        HeldFrames frames = OutboundReferences.frames();
        frames.setPaused(true);
        try {
            return allocator.ioBuffer(capacity);
        } finally {
            frames.setPaused(false);
        }
    }

    HeldFrame frame() {
        return frame;
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
        int before = capacity();
        super.capacity(newCapacity);
        if (newCapacity != before) {
            frame.release();
        }
        return this;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        frame.release();
    }
}
