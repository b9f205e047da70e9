package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Echoes and sinks with one selector. A connection whose first byte is 0 gets back what it sends; what others send is read
 * and forgotten, and the end answered with the number of bytes.
 */
final class NioMixedServer extends NioServer {
    /** First byte of a stream. */
    static final byte STREAM = 1;

    /** A stream's bytes so far. */
    private static final class Sink {
        long bytes;
    }

    private static final Object ECHO = new Object();

    NioMixedServer(Options options) throws IOException {
        super(options);
    }

    @Override
    protected boolean serve(SelectionKey key, SocketChannel channel) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        if (read > 0 && key.attachment() == null) {
            key.attach(buffer.get(0) == STREAM ? new Sink() : ECHO);
        }
        if (key.attachment() instanceof Sink sink) {
            return take(sink, read, channel);
        }
        if (read < 0) {
            return false;
        }
        meter.message();
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return true;
    }

    private static boolean take(Sink sink, int read, SocketChannel channel) throws IOException {
        if (read < 0) {
            channel.write(ByteBuffer.allocate(Long.BYTES).putLong(sink.bytes).flip());
            return false;
        }
        sink.bytes += read;
        return true;
    }
}
