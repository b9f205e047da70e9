package io.ringway.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;

/** The end of a {@link MemoryPipe} that is written. */
final class PipeSink extends Pipe.SinkChannel implements PipeChannel, InterruptibleCalls {
    private final MemoryPipe pipe;
    private final PipeBuffer buffer;
    private final PipeEnd end;

    PipeSink(SelectorProvider provider, MemoryPipe pipe, Datapath datapath) {
        super(provider);
        this.pipe = pipe;
        this.buffer = pipe.buffer;
        this.end = new PipeEnd(this, SelectionKey.OP_WRITE, buffer::isWritable, datapath);
    }

    @Override
    public PipeEnd end() {
        return end;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** Bytes in all the buffers. */
    static long remaining(ByteBuffer[] buffers, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += buffers[i].remaining();
        }
        return sum;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        Objects.requireNonNull(src);
        end.lock.lock();
        try {
            ensureOpen();
            if (isBlocking()) {
                return writeBlocking(src);
            }
            return fits(src.remaining()) ? give(src) : 0;
        } finally {
            end.lock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] srcs) throws IOException {
        return write(srcs, 0, srcs.length);
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        end.lock.lock();
        try {
            ensureOpen();
            if (isBlocking()) {
                return writeBlocking(srcs, offset, length);
            }
            return fits(remaining(srcs, offset, length)) ? give(srcs, offset, length) : 0;
        } finally {
            end.lock.unlock();
        }
    }

    /** Small writes are not divided, whether there is somebody to read them or not. */
    private boolean fits(long bytes) {
        return bytes > PipeBuffer.ATOMIC || bytes <= buffer.room() || buffer.isSourceClosed();
    }

    private int writeBlocking(ByteBuffer src) throws IOException {
        int total = 0;
        try {
            begin();
            while (goesOn(src.remaining(), total)) {
                total += fits(src.remaining()) ? give(src) : 0;
                if (src.hasRemaining() && !end.await()) {
                    break;
                }
            }
        } finally {
            endBlocking(total > 0);
        }
        return total;
    }

    private long writeBlocking(ByteBuffer[] srcs, int offset, int length) throws IOException {
        long total = 0;
        try {
            begin();
            long left = remaining(srcs, offset, length);
            while (goesOn(left, total)) {
                total += fits(left) ? give(srcs, offset, length) : 0;
                left = remaining(srcs, offset, length);
                if (left != 0 && !end.await()) {
                    break;
                }
            }
        } finally {
            endBlocking(total > 0);
        }
        return total;
    }

    /** A pipe that breaks in the middle of a write shows that with the next one. */
    private boolean goesOn(long left, long done) {
        return left != 0 && isOpen() && (done == 0 || !buffer.isSourceClosed());
    }

    @Override
    public void beginBlocking() {
        begin();
    }

    @Override
    public void endBegun(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    private int give(ByteBuffer src) throws IOException {
        if (!src.hasRemaining()) {
            return 0;
        }
        if (buffer.isSourceClosed()) {
            throw new IOException("Broken pipe");
        }
        int n = buffer.write(src);
        if (n > 0) {
            pipe.source().end().changed();
        }
        return n;
    }

    private long give(ByteBuffer[] srcs, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            if (total == 0 || !buffer.isSourceClosed()) {
                total += give(srcs[i]);
            }
            if (srcs[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        end.lock.lock();
        try {
            ensureOpen();
        } finally {
            end.lock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        end.changed();
        if (!isRegistered()) {
            kill();
        }
    }

    /** Ends the stream; as the JDK's, not before the last selector has let go of this end. */
    @Override
    public void kill() {
        buffer.closeSink();
        pipe.source().end().changed();
        end.kill();
    }
}
