package io.ringway.bench.pairs;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Makes pieces of one size and writes them as fast as the server reads: by reference, or with {@code copy=true} from a
 * buffer of its own. Checks at the end that all of it has arrived. Needs Ringway.
 */
final class ReferenceStreamLoad extends NioLoad {
    private static final int WRITES_PER_SELECT = 64;

    private final int size;
    private final boolean copy;
    private final ByteBuffer own;
    private final ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
    private Meter meter = new Meter(new Phases());
    private @Nullable RegisteredBuffers buffers;
    private @Nullable RegisteredBuffer next;
    private long left;
    private boolean writing = true;
    private long written;
    private long pieces;

    ReferenceStreamLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", RegisteredBuffers.MAX_SIZE);
        copy = options.flag("copy");
        own = ByteBuffer.allocateDirect(size);
        own.position(size);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        SelectionKey key = connect();
        buffers = RegisteredBuffers.of(key.channel());
        started();
        key.interestOps(SelectionKey.OP_WRITE);
        while (writing || answer.hasRemaining()) {
            loop.select();
        }
        long arrived = answer.getLong(0);
        if (arrived != written) {
            throw new IOException("Wrote " + written + " bytes, the server read " + arrived);
        }
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        if (!writing) {
            if (channel.read(answer) < 0) {
                throw new IOException("Server closed the connection");
            }
            return;
        }
        for (int i = 0; i < WRITES_PER_SELECT; i++) {
            long more = copy ? writeCopied(channel) : writeByReference(channel);
            written += more;
            if (!meter.recordBytes(more)) {
                writing = false;
                channel.shutdownOutput();
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
            if (more == 0) {
                return;
            }
        }
    }

    private long writeCopied(SocketChannel channel) throws IOException {
        if (!own.hasRemaining()) {
            CacheLines.write(own.clear(), pieces++);
        }
        return channel.write(own);
    }

    private long writeByReference(SocketChannel channel) throws IOException {
        RegisteredBuffers lender = buffers;
        RegisteredBuffer piece = next;
        if (lender == null) {
            throw new IOException("not connected");
        }
        if (piece == null) {
            piece = lender.allocate(size);
            CacheLines.write(piece.buffer(), pieces++);
            left = size;
        }
        long n = lender.write(channel, piece);
        left -= n;
        next = left == 0 ? null : piece;
        return n;
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("bytes", meter.bytes());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }
}
