package io.ringway.nio;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A path that tells the flight recorder of its reads and writes, as the JDK's channels do of theirs. */
abstract class ObservedPath extends SocketPath {
    ObservedPath(RingwaySocketChannel channel) {
        super(channel);
    }

    /** As {@link #read(ByteBuffer)}, unrecorded. */
    abstract int receive(ByteBuffer dst) throws IOException;

    /** As {@link #read(ByteBuffer[], int, int)}, unrecorded. */
    abstract long receive(ByteBuffer[] dsts, int offset, int length) throws IOException;

    /** As {@link #write(ByteBuffer)}, unrecorded. */
    abstract int send(ByteBuffer src) throws IOException;

    /** As {@link #write(ByteBuffer[], int, int)}, unrecorded. */
    abstract long send(ByteBuffer[] srcs, int offset, int length) throws IOException;

    @Override
    final int read(ByteBuffer dst) throws IOException {
        if (!SocketEvents.reads()) {
            return receive(dst);
        }
        long start = SocketEvents.readStarts();
        int n = receive(dst);
        SocketEvents.read(start, n, remoteAddress(), 0);
        return n;
    }

    @Override
    final long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        if (!SocketEvents.reads()) {
            return receive(dsts, offset, length);
        }
        long start = SocketEvents.readStarts();
        long n = receive(dsts, offset, length);
        SocketEvents.read(start, n, remoteAddress(), 0);
        return n;
    }

    @Override
    final int write(ByteBuffer src) throws IOException {
        if (!SocketEvents.writes()) {
            return send(src);
        }
        long start = SocketEvents.writeStarts();
        int n = send(src);
        SocketEvents.written(start, n, remoteAddress());
        return n;
    }

    @Override
    final long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        if (!SocketEvents.writes()) {
            return send(srcs, offset, length);
        }
        long start = SocketEvents.writeStarts();
        long n = send(srcs, offset, length);
        SocketEvents.written(start, n, remoteAddress());
        return n;
    }
}
