package io.ringway.nio;

import io.ringway.stack.NetworkStack;
import io.ringway.stack.Readiness;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The blocking calls of an accelerated channel, and its end. A thread that waits is woken by readiness, by close, and by
 * interrupt; the last blocking call to leave a closed channel closes the connection, so that nobody reads or writes it
 * any more.
 */
final class AcceleratedCalls {
    private static final long LINGER_STEP = 1_000_000;

    /** Looks whether a blocking write's bytes have been taken over, before the pauses get longer, and their length. */
    private static final int HAND_OVER_YIELDS = 100;

    private static final long HAND_OVER_PARK = 20_000;

    private final AcceleratedPath path;
    private final RingwaySocketChannel channel;
    private final TcpConnection connection;

    private final Ready readable = new Ready(Readiness.READ);
    private final Ready writable = new Ready(Readiness.WRITE);
    private final Ready attemptEnded = new Ready(Readiness.CONNECT);

    /** Made by the first blocking call in each direction. */
    private volatile @Nullable BlockingWait reads;

    private volatile @Nullable BlockingWait writes;

    // Under the channel's state lock.
    private boolean reading;
    private boolean writing;
    private boolean closing;
    private boolean finished;

    AcceleratedCalls(AcceleratedPath path) {
        this.path = path;
        this.channel = path.channel;
        this.connection = path.connection;
    }

    /** Readiness may have changed. */
    void wake() {
        BlockingWait r = reads;
        if (r != null) {
            r.wake();
        }
        BlockingWait w = writes;
        if (w != null) {
            w.wake();
        }
    }

    private BlockingWait reads() {
        BlockingWait r = reads;
        if (r == null) {
            r = new BlockingWait(path.datapath);
            reads = r;
        }
        return r;
    }

    private BlockingWait writes() {
        BlockingWait w = writes;
        if (w == null) {
            w = new BlockingWait(path.datapath);
            writes = w;
        }
        return w;
    }

    /** A selector's lane is polled by its selector: whoever blocks moves the connection to the common one. */
    private void moveOffSelector() {
        NetworkStack common = path.common.stack;
        if (connection.stack() != common) {
            connection.moveTo(common);
        }
        path.datapath.interrupts().traffic();
    }

    /** What a blocking call waits for: readiness, or the end of its direction. */
    private final class Ready implements Parking.Condition {
        private final int operation;

        Ready(int operation) {
            this.operation = operation;
        }

        @Override
        public boolean holds() {
            if ((connection.readiness() & operation) != 0 || !channel.isOpen()) {
                return true;
            }
            return operation == Readiness.READ && path.inputClosed || operation == Readiness.WRITE && path.outputClosed;
        }
    }

    // Begin and end of a blocking call.

    void begin(boolean read) throws ClosedChannelException {
        channel.beginBlocking();
        synchronized (channel.stateLock) {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            if (read) {
                reading = true;
            } else {
                writing = true;
            }
        }
    }

    void end(boolean read, boolean completed) throws AsynchronousCloseException {
        boolean last;
        synchronized (channel.stateLock) {
            if (read) {
                reading = false;
            } else {
                writing = false;
            }
            last = closing && mayFinish();
        }
        if (last) {
            finish();
        }
        channel.endBlocking(completed);
    }

    /** Under the state lock: true once, when nobody is inside. */
    private boolean mayFinish() {
        if (finished || reading || writing) {
            return false;
        }
        finished = true;
        return true;
    }

    // Reading.

    /** Read lock held. */
    int read(ByteBuffer dst, long deadline) throws IOException {
        int n = 0;
        try {
            begin(true);
            if (!path.inputClosed) {
                n = connection.read(dst);
                while (n == 0 && dst.hasRemaining() && !path.inputClosed && channel.isOpen()) {
                    awaitReadable(deadline);
                    n = connection.read(dst);
                }
            }
        } finally {
            end(true, n > 0);
        }
        return n <= 0 && path.inputClosed ? -1 : n;
    }

    void awaitReadable(long deadline) throws IOException {
        moveOffSelector();
        if (!reads().await(readable, connection, deadline) && System.nanoTime() - deadline >= 0) {
            if (deadline != Long.MAX_VALUE && !readable.holds()) {
                throw new SocketTimeoutException("Read timed out");
            }
        }
    }

    /** Read lock held. */
    long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        long n = 0;
        try {
            begin(true);
            if (!path.inputClosed) {
                n = connection.read(dsts, offset, length);
                while (n == 0 && hasRemaining(dsts, offset, length) && !path.inputClosed && channel.isOpen()) {
                    awaitReadable(Long.MAX_VALUE);
                    n = connection.read(dsts, offset, length);
                }
            }
        } finally {
            end(true, n > 0);
        }
        return n <= 0 && path.inputClosed ? -1 : n;
    }

    private static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    // Writing.

    boolean mayWrite() {
        return !path.outputClosed && channel.isOpen();
    }

    void awaitWritable() {
        moveOffSelector();
        writes().await(writable, connection, Long.MAX_VALUE);
    }

    /**
     * What a blocking call has written survives the end of this process. A thread that owns the stack may have lost its
     * processor meanwhile; it never sleeps as the owner.
     */
    void handOver() {
        for (int looks = 0; !connection.isHandedOver(); looks++) {
            if (looks < HAND_OVER_YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(HAND_OVER_PARK);
            }
        }
    }

    /** Write lock held. Returns when all is written. */
    int write(ByteBuffer src) throws IOException {
        int total = 0;
        try {
            begin(false);
            while (mayWrite()) {
                total += connection.write(src);
                if (!src.hasRemaining()) {
                    handOver();
                    break;
                }
                awaitWritable();
                if (Thread.currentThread().isInterrupted() || total > 0 && connection.failure() != Failure.NONE) {
                    // A write that has got through in part is not told of a reset: the next call is.
                    break;
                }
            }
        } catch (IOException e) {
            if (total == 0) {
                throw e;
            }
        } finally {
            end(false, total > 0);
            if (total <= 0 && path.outputClosed) {
                throw new AsynchronousCloseException();
            }
        }
        return total;
    }

    /** Write lock held. Returns when all is written. */
    long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        long total = 0;
        try {
            begin(false);
            while (mayWrite()) {
                total += connection.write(srcs, offset, length);
                if (!hasRemaining(srcs, offset, length)) {
                    handOver();
                    break;
                }
                awaitWritable();
                if (Thread.currentThread().isInterrupted() || total > 0 && connection.failure() != Failure.NONE) {
                    // A write that has got through in part is not told of a reset: the next call is.
                    break;
                }
            }
        } catch (IOException e) {
            if (total == 0) {
                throw e;
            }
        } finally {
            end(false, total > 0);
            if (total <= 0 && path.outputClosed) {
                throw new AsynchronousCloseException();
            }
        }
        return total;
    }

    /** As the socket's stream writes: all, or an exception. Write lock held. */
    void writeFully(ByteBuffer src) throws IOException {
        try {
            begin(false);
            if (path.outputClosed) {
                throw new ClosedChannelException();
            }
            while (channel.isOpen() && !Thread.currentThread().isInterrupted()) {
                connection.write(src);
                if (!src.hasRemaining()) {
                    handOver();
                    break;
                }
                awaitWritable();
                if (path.outputClosed) {
                    throw new IOException("Broken pipe");
                }
            }
        } finally {
            end(false, !src.hasRemaining());
        }
    }

    /**
     * Urgent data, which the receiver would discard unless it had asked for it in line, is not sent; it fails where a
     * write would.
     */
    void discardUrgent() throws IOException {
        channel.writeLock.lock();
        try {
            path.ensureConnected();
            discardUrgentLocked();
        } finally {
            channel.writeLock.unlock();
        }
    }

    private void discardUrgentLocked() throws IOException {
        if (!channel.blocking()) {
            if (path.outputClosed) {
                throw new AsynchronousCloseException();
            }
            connection.checkWritable();
            if ((connection.readiness() & Readiness.WRITE) == 0) {
                throw new IOException("Socket buffer full");
            }
            return;
        }
        boolean discarded = false;
        try {
            begin(false);
            if (!path.outputClosed) {
                connection.checkWritable();
                discarded = true;
            }
        } finally {
            end(false, discarded);
            if (!discarded && path.outputClosed) {
                throw new AsynchronousCloseException();
            }
        }
    }

    // Connecting.

    /** Both locks held. Returns false when the deadline has passed. */
    boolean awaitConnect(long deadline) throws IOException {
        boolean ended = false;
        try {
            begin(true);
            path.datapath.interrupts().traffic();
            ended = reads().await(attemptEnded, connection, deadline);
        } finally {
            end(true, ended && channel.isOpen());
        }
        return ended || !Thread.currentThread().isInterrupted() && attemptEnded.holds();
    }

    // Closing.

    /** The channel is closed: nobody waits any longer, and the last one out ends the connection. */
    void close() {
        synchronized (channel.stateLock) {
            closing = true;
        }
        wake();
        if (!channel.blocking()) {
            channel.readLock.lock();
            channel.readLock.unlock();
            channel.writeLock.lock();
            channel.writeLock.unlock();
            if (channel.isRegistered()) {
                endOutput();
                return;
            }
        }
        finishIfLast();
    }

    /**
     * Until its selector lets go of it, a closed channel only has its output shut, as the JDK's: a peer that has sent
     * more than was read sees the end of the stream, not a reset.
     */
    private void endOutput() {
        if (path.options().linger() != 0) {
            connection.shutdownOutput();
        }
    }

    /** No selector has the channel any more. */
    void kill() {
        finishIfLast();
    }

    private void finishIfLast() {
        boolean last;
        synchronized (channel.stateLock) {
            last = closing && mayFinish();
        }
        if (last) {
            finish();
        }
    }

    private void finish() {
        int linger = path.options().linger();
        if (linger == 0) {
            connection.abort();
        } else {
            connection.close();
            if (linger > 0 && channel.blocking()) {
                linger(TimeUnit.SECONDS.toNanos(linger));
            }
        }
        channel.gone();
    }

    /** SO_LINGER: close waits for the peer to have everything. */
    private void linger(long nanos) {
        long end = System.nanoTime() + nanos;
        while (!connection.outputFlushed() && System.nanoTime() - end < 0) {
            path.common.poll(System.nanoTime());
            LockSupport.parkNanos(LINGER_STEP);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
