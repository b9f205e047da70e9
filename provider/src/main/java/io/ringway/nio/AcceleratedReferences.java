package io.ringway.nio;

import io.ringway.nic.offload.FrameLoan;
import io.ringway.nic.offload.RegisteredMemory;
import io.ringway.stack.tcp.ByReference;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.ReceivedFrame;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/** Reads and writes of an accelerated channel in which frames change hands (M12). For one call. */
final class AcceleratedReferences {
    /** Shorter payloads are copied: that costs less than lending, and what is on loan may hold a whole frame. */
    private static final int LEAST = 4 << 10;

    /** Looks for the ownership of the stack, which others hold for moments, before a frame is copied after all. */
    private static final int TRIES = 200;

    private static final int SPINS = 100;

    private final AcceleratedPath path;
    private final AcceleratedCalls calls;
    private final RingwaySocketChannel channel;
    private final TcpConnection connection;
    private final RegisteredMemory memory;

    AcceleratedReferences(AcceleratedPath path) {
        this.path = path;
        this.calls = path.calls();
        this.channel = path.channel;
        this.connection = path.connection;
        this.memory = path.datapath.registeredMemory();
    }

    // Writing.

    long write(LentBuffer... buffers) throws IOException {
        if (!SocketEvents.writes()) {
            return send(buffers);
        }
        long start = SocketEvents.writeStarts();
        long n = send(buffers);
        SocketEvents.written(start, n, path.remoteAddress());
        return n;
    }

    private long send(LentBuffer[] buffers) throws IOException {
        channel.writeLock.lock();
        try {
            path.ensureConnected();
            return channel.blocking() ? writeBlocking(buffers) : writeSome(buffers);
        } finally {
            channel.writeLock.unlock();
        }
    }

    private long writeBlocking(LentBuffer[] buffers) throws IOException {
        long total = 0;
        try {
            calls.begin(false);
            while (calls.mayWrite()) {
                total += writeSome(buffers);
                if (allOver(buffers)) {
                    calls.handOver();
                    break;
                }
                calls.awaitWritable();
                if (Thread.currentThread().isInterrupted() || total > 0 && connection.failure() != Failure.NONE) {
                    // As a write: what has got through in part is not told of a reset.
                    break;
                }
            }
        } catch (IOException e) {
            if (total == 0) {
                throw e;
            }
        } finally {
            calls.end(false, total > 0);
            if (total <= 0 && path.outputClosed) {
                throw new AsynchronousCloseException();
            }
        }
        return total;
    }

    private static boolean allOver(LentBuffer[] buffers) {
        return buffers.length == 0 || buffers[buffers.length - 1].isOver();
    }

    /** One round over the buffers; those that are taken whole are over. */
    private long writeSome(LentBuffer[] buffers) throws IOException {
        if (path.outputClosed) {
            throw new AsynchronousCloseException();
        }
        long total = 0;
        for (LentBuffer buffer : buffers) {
            if (!buffer.isOver()) {
                if (total > 0 && connection.isHungUp()) {
                    // The next call is told.
                    break;
                }
                total += writeOne(buffer);
                if (!buffer.isOver()) {
                    break;
                }
            }
        }
        return total;
    }

    private int writeOne(LentBuffer buffer) throws IOException {
        ByteBuffer bytes = buffer.buffer();
        FrameLoan loan = buffer.loan();
        int n = loan == null || !bytes.hasRemaining() ? ByReference.NOT_NOW : handOver(loan, bytes);
        if (n == ByReference.NOT_NOW) {
            n = connection.write(bytes);
            memory.countCopied(n);
            if (!bytes.hasRemaining()) {
                buffer.release();
            }
        }
        return n;
    }

    private int handOver(FrameLoan loan, ByteBuffer bytes) throws IOException {
        int from = memory.startOf(loan, bytes);
        int length = bytes.remaining();
        if (!memory.owns(loan) || connection.stack().queue().port() != memory.port()) {
            return ByReference.NOT_NOW;
        }
        int n = ByReference.write(connection, loan, from, length);
        for (int i = 0; n == ByReference.NOT_NOW && i < TRIES; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            n = ByReference.write(connection, loan, from, length);
        }
        return n;
    }

    // Reading.

    /** As {@link io.ringway.RegisteredBuffers#receive}. */
    @Nullable
    LentBuffer receive() throws IOException {
        if (!SocketEvents.reads()) {
            return take();
        }
        long start = SocketEvents.readStarts();
        LentBuffer taken = take();
        int n = taken == null ? 0 : taken.isEndOfStream() ? -1 : taken.buffer().remaining();
        SocketEvents.read(start, n, path.remoteAddress(), 0);
        return taken;
    }

    private @Nullable LentBuffer take() throws IOException {
        channel.readLock.lock();
        try {
            path.ensureConnected();
            return channel.blocking() ? receiveBlocking() : receiveNow();
        } finally {
            channel.readLock.unlock();
        }
    }

    private @Nullable LentBuffer receiveBlocking() throws IOException {
        LentBuffer received = null;
        try {
            calls.begin(true);
            received = receiveNow();
            while (received == null && channel.isOpen()) {
                calls.awaitReadable(Long.MAX_VALUE);
                received = receiveNow();
            }
        } finally {
            calls.end(true, received != null && !received.isEndOfStream());
        }
        return received;
    }

    private @Nullable LentBuffer receiveNow() throws IOException {
        if (path.inputClosed) {
            return LentBuffer.endOfStream();
        }
        int run = ByReference.run(connection);
        if (run <= 0) {
            return run < 0 || path.inputClosed ? LentBuffer.endOfStream() : null;
        }
        LentBuffer lent = run < LEAST ? null : lend(run);
        return lent == null ? copyOut(run) : lent;
    }

    /** What comes next in its frame, or null where it can't be lent. */
    private @Nullable LentBuffer lend(int run) {
        if (!ByReference.mayLend(connection, run)) {
            memory.countReceiveRefusal();
            return null;
        }
        if (!memory.admit()) {
            return null;
        }
        ReceivedFrame frame = ByReference.lend(connection);
        if (frame == null) {
            memory.dismiss();
            return null;
        }
        return LentBuffer.of(memory.lendReceived(frame.payload(), frame));
    }

    private LentBuffer copyOut(int run) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(run);
        memory.countCopied(connection.read(copy));
        return LentBuffer.ofOrdinary(copy.flip().asReadOnlyBuffer());
    }
}
