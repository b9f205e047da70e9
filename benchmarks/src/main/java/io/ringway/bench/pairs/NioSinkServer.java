package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Reads and forgets; answers the end of a stream with the number of bytes it has read. For one connection. */
final class NioSinkServer extends NioServer {
    private long bytes;

    NioSinkServer(Options options) throws IOException {
        super(options);
    }

    @Override
    protected boolean serve(SelectionKey key, SocketChannel channel) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        if (read < 0) {
            ByteBuffer total = ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip();
            channel.write(total);
            return false;
        }
        bytes += read;
        meter.message();
        return true;
    }

    @Override
    public void report(Result result) {
        super.report(result);
        result.put("bytes", bytes);
    }
}
