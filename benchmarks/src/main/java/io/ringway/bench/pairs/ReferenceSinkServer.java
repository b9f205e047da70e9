package io.ringway.bench.pairs;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Looks at all that arrives: in its frames, or with {@code copy=true} in a buffer of its own; answers the end of a stream
 * with the number of bytes. For one connection. Needs Ringway.
 */
final class ReferenceSinkServer extends NioServer {
    private final boolean copy;
    private long bytes;
    private long sum;

    ReferenceSinkServer(Options options) throws IOException {
        super(options);
        copy = options.flag("copy");
    }

    @Override
    protected boolean serve(SelectionKey key, SocketChannel channel) throws IOException {
        int read = copy ? readCopied(channel) : receive(channel);
        if (read < 0) {
            channel.write(ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip());
            return false;
        }
        bytes += read;
        meter.message();
        return true;
    }

    private int readCopied(SocketChannel channel) throws IOException {
        int n = channel.read(buffer.clear());
        sum += CacheLines.sum(buffer.flip());
        return n;
    }

    private int receive(SocketChannel channel) throws IOException {
        try (RegisteredBuffer received = RegisteredBuffers.of(channel).receive(channel)) {
            if (received == null) {
                return 0;
            }
            sum += CacheLines.sum(received.buffer());
            return received.isEndOfStream() ? -1 : received.buffer().remaining();
        }
    }

    @Override
    public void report(Result result) {
        super.report(result);
        result.put("bytes", bytes).put("sum", sum);
    }
}
