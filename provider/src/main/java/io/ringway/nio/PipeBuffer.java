package io.ringway.nio;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The bytes between the two ends of a pipe: a ring of as many bytes as the kernel's pipes hold. One writing thread and
 * one reading thread at a time; questions from any.
 */
final class PipeBuffer {
    static final int CAPACITY = 64 << 10;
    /** A write of so many bytes is not divided, and a sink with less room is not ready (pipe(7): PIPE_BUF). */
    static final int ATOMIC = 4096;

    private static final int MASK = CAPACITY - 1;
    private static final AtomicLongFieldUpdater<PipeBuffer> WRITTEN =
            AtomicLongFieldUpdater.newUpdater(PipeBuffer.class, "written");
    private static final AtomicLongFieldUpdater<PipeBuffer> TAKEN =
            AtomicLongFieldUpdater.newUpdater(PipeBuffer.class, "taken");

    /** Made by the first write. */
    private byte @Nullable [] bytes;

    private volatile long written;
    private volatile long taken;
    private volatile boolean sinkClosed;
    private volatile boolean sourceClosed;

    int available() {
        return (int) (written - taken);
    }

    int room() {
        return CAPACITY - available();
    }

    void closeSink() {
        sinkClosed = true;
    }

    void closeSource() {
        sourceClosed = true;
    }

    boolean isSourceClosed() {
        return sourceClosed;
    }

    /** A read wouldn't wait. */
    boolean isReadable() {
        return written != taken || sinkClosed;
    }

    /** A write wouldn't wait. */
    boolean isWritable() {
        return room() >= ATOMIC || sourceClosed;
    }

    /** Takes what there is room for. The writing thread. */
    int write(ByteBuffer source) {
        byte[] ring = bytes;
        if (ring == null) {
            ring = new byte[CAPACITY];
            bytes = ring;
        }
        long at = written;
        int n = Math.min(source.remaining(), CAPACITY - (int) (at - taken));
        int first = Math.min(n, CAPACITY - ((int) at & MASK));
        source.get(ring, (int) at & MASK, first);
        source.get(ring, 0, n - first);
        WRITTEN.lazySet(this, at + n);
        return n;
    }

    /**
     * Gives what there is.
     *
     * @return bytes, 0 if there are none or no room for any, -1 if none will come any more. The reading thread
     */
    int read(ByteBuffer target) {
        if (!target.hasRemaining()) {
            return 0;
        }
        boolean ended = sinkClosed;
        long at = taken;
        int n = Math.min(target.remaining(), (int) (written - at));
        byte[] ring = bytes;
        if (n == 0 || ring == null) {
            return ended ? -1 : 0;
        }
        int first = Math.min(n, CAPACITY - ((int) at & MASK));
        target.put(ring, (int) at & MASK, first);
        target.put(ring, 0, n - first);
        TAKEN.lazySet(this, at + n);
        return n;
    }
}
