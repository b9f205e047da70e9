package io.ringway.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;

/** The end of a {@link MemoryPipe} that is read. */
final class PipeSource extends Pipe.SourceChannel implements PipeChannel, InterruptibleCalls {
    private final MemoryPipe pipe;
    private final PipeBuffer buffer;
    private final PipeEnd end;

    PipeSource(SelectorProvider provider, MemoryPipe pipe, Datapath datapath) {
        super(provider);
        this.pipe = pipe;
        this.buffer = pipe.buffer;
        this.end = new PipeEnd(this, SelectionKey.OP_READ, buffer::isReadable, datapath);
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

    @Override
    public int read(ByteBuffer dst) throws IOException {
        Objects.requireNonNull(dst);
        end.lock.lock();
        try {
            ensureOpen();
            return isBlocking() ? readBlocking(dst) : take(dst);
        } finally {
            end.lock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
        return read(dsts, 0, dsts.length);
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        end.lock.lock();
        try {
            ensureOpen();
            return isBlocking() ? readBlocking(dsts, offset, length) : take(dsts, offset, length);
        } finally {
            end.lock.unlock();
        }
    }

    private int readBlocking(ByteBuffer dst) throws IOException {
        int n = 0;
        try {
            begin();
            n = isOpen() ? take(dst) : 0;
            while (n == 0 && dst.hasRemaining() && end.await() && isOpen()) {
                n = take(dst);
            }
        } finally {
            endBlocking(n > 0);
        }
        return n;
    }

    private long readBlocking(ByteBuffer[] dsts, int offset, int length) throws IOException {
        long n = 0;
        try {
            begin();
            n = isOpen() ? take(dsts, offset, length) : 0;
            while (n == 0 && PipeSink.remaining(dsts, offset, length) != 0 && end.await() && isOpen()) {
                n = take(dsts, offset, length);
            }
        } finally {
            endBlocking(n > 0);
        }
        return n;
    }

    @Override
    public void beginBlocking() {
        begin();
    }

    @Override
    public void endBegun(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    private int take(ByteBuffer dst) {
        ensureWritable(dst);
        int n = buffer.read(dst);
        if (n > 0) {
            pipe.sink().end().changed();
        }
        return n;
    }

    private long take(ByteBuffer[] dsts, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            ensureWritable(dsts[i]);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int n = buffer.read(dsts[i]);
            if (n < 0 && total == 0) {
                return n;
            }
            total += Math.max(n, 0);
        }
        if (total > 0) {
            pipe.sink().end().changed();
        }
        return total;
    }

    private static void ensureWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
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

    /** Breaks the pipe; as the JDK's, not before the last selector has let go of this end. */
    @Override
    public void kill() {
        buffer.closeSource();
        pipe.sink().end().changed();
        end.kill();
    }
}
