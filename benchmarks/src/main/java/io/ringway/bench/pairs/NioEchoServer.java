package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Sends back what it reads; on request with its clock written over the second long of each message, or with what lives
 * in its heap over that of message number 0.
 */
final class NioEchoServer extends NioServer {
    private final boolean stamps;
    private final boolean memory;

    NioEchoServer(Options options) throws IOException {
        super(options);
        stamps = options.flag("stamps");
        memory = options.flag("memory");
    }

    @Override
    protected boolean serve(SelectionKey key, SocketChannel channel) throws IOException {
        ByteBuffer rest = (ByteBuffer) key.attachment();
        if (rest != null) {
            return flush(key, channel, rest);
        }
        buffer.clear();
        if (channel.read(buffer) < 0) {
            return false;
        }
        meter.message();
        buffer.flip();
        if (stamps && buffer.limit() >= 2 * Long.BYTES) {
            buffer.putLong(Long.BYTES, System.nanoTime());
        }
        if (memory && buffer.limit() >= 2 * Long.BYTES && buffer.getLong(0) == 0) {
            buffer.putLong(Long.BYTES, IdleMemory.liveHeapBytes());
        }
        channel.write(buffer);
        if (buffer.hasRemaining()) {
            rest = ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
            key.attach(rest);
            key.interestOps(SelectionKey.OP_WRITE);
        }
        return true;
    }

    private static boolean flush(SelectionKey key, SocketChannel channel, ByteBuffer rest) throws IOException {
        channel.write(rest);
        if (!rest.hasRemaining()) {
            key.attach(null);
            key.interestOps(SelectionKey.OP_READ);
        }
        return true;
    }
}
