package io.ringway.nio;

import io.ringway.nic.offload.HeldFrame;
import io.ringway.nic.offload.HeldFrames;
import io.ringway.nic.offload.RegisteredMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What the agent needs to have a framework's outbound buffers sent by reference (M12): frames as memory for buffers that
 * count their references, and writes that send such a buffer's frame in place of a copy. Nothing is lent before the first
 * large write on an accelerated connection. Any thread.
 */
public final class OutboundReferences {
    /** Buffers of fewer bytes are the framework's own: a frame is no larger than the next of 16 and 64 KiB. */
    public static final int LEAST_CAPACITY = 16 << 10;

    /** Allocations that don't look for a frame after one that found none. */
    private static final int PAUSE = 64;

    private static final ThreadLocal<HeldFrames> FRAMES = ThreadLocal.withInitial(HeldFrames::new);

    private static volatile @Nullable Lender lender;

    private record Lender(Datapath datapath, RegisteredMemory memory) {}

    /** Left of a pause. Threads may count past each other. */
    private static int pause;

    private OutboundReferences() {}

    /**
     * A frame for a buffer that can have {@code size} bytes, or null where that is to be ordinary memory: because of its
     * size, because it is to receive, because nothing is sent by reference yet, or because the bound is reached (counted).
     */
    public static @Nullable HeldFrame allocate(int size) {
        Lender l = lender;
        if (l == null || size < LEAST_CAPACITY || size > l.memory.largest()) {
            return null;
        }
        if (FRAMES.get().isPaused()) {
            return null;
        }
        if (pause > 0) {
            pause--;
            return null;
        }
        HeldFrame frame = l.memory.hold(size, l.datapath::reclaim);
        if (frame == null) {
            pause = PAUSE;
        }
        return frame;
    }

    /** Whether any frame may have been allocated. */
    public static boolean isActive() {
        return lender != null;
    }

    /** The list for the calling thread's writes; always the same one. */
    public static HeldFrames frames() {
        return FRAMES.get();
    }

    /**
     * Writes as {@link SocketChannel#write(ByteBuffer)} does.
     *
     * @param frames those whose holders will not write to them any more, once their bytes are taken; empty afterwards
     */
    public static int write(SocketChannel channel, ByteBuffer source, HeldFrames frames) throws IOException {
        AcceleratedPath path = frames.isEmpty() ? null : accelerated(channel);
        if (path == null) {
            frames.clear();
            return channel.write(source);
        }
        try {
            return (int) new ReferencedWrite(path, frames).write(source);
        } finally {
            frames.clear();
        }
    }

    /** The same as {@link SocketChannel#write(ByteBuffer[], int, int)}; the frames are in the order of the buffers. */
    public static long write(SocketChannel channel, ByteBuffer[] sources, int offset, int length, HeldFrames frames)
            throws IOException {
        AcceleratedPath path = frames.isEmpty() ? null : accelerated(channel);
        if (path == null) {
            frames.clear();
            return channel.write(sources, offset, length);
        }
        try {
            return new ReferencedWrite(path, frames).write(sources, offset, length);
        } finally {
            frames.clear();
        }
    }

    /** A framework writes, and {@link #isActive()} was false: lending begins with the first large buffer. */
    public static void begin(SocketChannel channel, ByteBuffer source) {
        if (source.remaining() >= LEAST_CAPACITY) {
            AcceleratedPath path = accelerated(channel);
            if (path != null) {
                begin(path.datapath);
            }
        }
    }

    private static @Nullable AcceleratedPath accelerated(SocketChannel channel) {
        return channel instanceof RingwaySocketChannel c && c.path() instanceof AcceleratedPath path ? path : null;
    }

    private static synchronized void begin(Datapath datapath) {
        RegisteredMemory memory = datapath.registeredMemory();
        if (lender == null && memory.largest() > 0) {
            lender = new Lender(datapath, memory);
        }
    }
}
