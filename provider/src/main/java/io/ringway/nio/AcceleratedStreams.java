package io.ringway.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The streams of the socket adaptor of an accelerated channel. */
final class AcceleratedStreams {
    private AcceleratedStreams() {}

    private static void ensureBlocking(AcceleratedPath path) {
        if (!path.channel.blocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    /** Reads with the time-out of the socket. */
    static final class Input extends InputStream {
        private final AcceleratedPath path;
        private final AcceleratedCalls calls;
        private final ChannelSocket socket;

        Input(AcceleratedPath path, AcceleratedCalls calls, ChannelSocket socket) {
            this.path = path;
            this.calls = calls;
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) > 0 ? one[0] & 0xff : -1;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int millis = socket.timeout();
            if (!SocketEvents.reads()) {
                return receive(b, off, len, millis);
            }
            long start = SocketEvents.readStarts();
            int n = receive(b, off, len, millis);
            SocketEvents.read(start, n, path.remoteAddress(), millis);
            return n;
        }

        private int receive(byte[] b, int off, int len, int millis) throws IOException {
            Objects.checkFromIndexSize(off, len, b.length);
            if (len == 0) {
                return 0;
            }
            path.channel.readLock.lock();
            try {
                path.ensureConnected();
                ensureBlocking(path);
                long deadline =
                        millis == 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                return calls.read(ByteBuffer.wrap(b, off, len), deadline);
            } finally {
                path.channel.readLock.unlock();
            }
        }

        @Override
        public int available() throws IOException {
            path.ensureConnected();
            return path.inputClosed ? 0 : path.connection.available();
        }

        @Override
        public void close() throws IOException {
            path.channel.close();
        }
    }

    /** Writes everything. */
    static final class Output extends OutputStream {
        private final AcceleratedPath path;
        private final AcceleratedCalls calls;

        Output(AcceleratedPath path, AcceleratedCalls calls) {
            this.path = path;
            this.calls = calls;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            if (!SocketEvents.writes()) {
                send(b, off, len);
                return;
            }
            long start = SocketEvents.writeStarts();
            send(b, off, len);
            SocketEvents.written(start, len, path.remoteAddress());
        }

        private void send(byte[] b, int off, int len) throws IOException {
            Objects.checkFromIndexSize(off, len, b.length);
            if (len == 0) {
                return;
            }
            path.channel.writeLock.lock();
            try {
                path.ensureConnected();
                ensureBlocking(path);
                calls.writeFully(ByteBuffer.wrap(b, off, len));
            } finally {
                path.channel.writeLock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            path.channel.close();
        }
    }
}
