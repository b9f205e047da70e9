package io.ringway.nio;

import io.ringway.nic.offload.HeldFrame;
import io.ringway.nic.offload.HeldFrames;
import io.ringway.nic.offload.RegisteredMemory;
import io.ringway.stack.tcp.ByReference;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;

/** A gathering write some of whose buffers stand in frames that may be sent themselves (M12). For one call. */
final class ReferencedWrite {
    /** Fewer bytes are copied: that costs less than what follows a frame around, which they would hold whole. */
    static final int LEAST = 4 << 10;

    private final AcceleratedPath path;
    private final HeldFrames frames;
    private final RingwaySocketChannel channel;
    private final TcpConnection connection;
    private final RegisteredMemory memory;

    ReferencedWrite(AcceleratedPath path, HeldFrames frames) {
        this.path = path;
        this.frames = frames;
        this.channel = path.channel;
        this.connection = path.connection;
        this.memory = path.datapath.registeredMemory();
    }

    long write(ByteBuffer... sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (!SocketEvents.writes()) {
            return send(sources, offset, length);
        }
        long start = SocketEvents.writeStarts();
        long n = send(sources, offset, length);
        SocketEvents.written(start, n, path.remoteAddress());
        return n;
    }

    private long send(ByteBuffer[] sources, int offset, int length) throws IOException {
        channel.writeLock.lock();
        try {
            path.ensureConnected();
            if (channel.blocking()) {
                return path.send(sources, offset, length);
            }
            long n = path.outputClosed ? 0 : sendSome(sources, offset, offset + length);
            if (n <= 0 && path.outputClosed) {
                throw new AsynchronousCloseException();
            }
            return n;
        } finally {
            channel.writeLock.unlock();
        }
    }

    /** One round over the buffers, as long as they are taken whole. */
    private long sendSome(ByteBuffer[] sources, int offset, int end) throws IOException {
        long total = 0;
        int next = offset;
        while (next < end && (total == 0 || !connection.isHungUp())) {
            int at = nextInFrame(sources, next, end);
            int upTo = Math.max(at, next + 1);
            long wanted = remaining(sources, next, upTo);
            try {
                long n = at > next ? copy(sources, next, at) : sendOne(sources[at]);
                total += n;
                if (n < wanted) {
                    break;
                }
            } catch (IOException e) {
                if (total == 0) {
                    throw e;
                }
                // The next call is told.
                break;
            }
            next = upTo;
        }
        return total;
    }

    private static long remaining(ByteBuffer[] sources, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += sources[i].remaining();
        }
        return sum;
    }

    /** The first buffer from {@code start} on that stands in the next of the frames, or {@code end}. */
    private int nextInFrame(ByteBuffer[] sources, int start, int end) {
        HeldFrame frame = frames.first();
        if (frame == null) {
            return end;
        }
        int at = start;
        while (at < end && !(sources[at].isDirect() && frame.covers(sources[at]))) {
            at++;
        }
        return at;
    }

    private long copy(ByteBuffer[] sources, int from, int to) throws IOException {
        return to - from == 1 ? connection.write(sources[from]) : connection.write(sources, from, to - from);
    }

    private int sendOne(ByteBuffer source) throws IOException {
        HeldFrame frame = frames.first();
        int length = source.remaining();
        int n = ByReference.NOT_NOW;
        if (frame != null
                && length >= LEAST
                && frame.isSendable()
                && frame.memory() == memory
                && connection.stack().queue().port() == memory.port()) {
            n = ByReference.write(connection, frame, frame.startOf(source), length);
        }
        frames.removeFirst();
        if (n == ByReference.NOT_NOW) {
            n = connection.write(source);
            memory.countCopied(n);
        } else {
            source.position(source.position() + n);
        }
        return n;
    }
}
