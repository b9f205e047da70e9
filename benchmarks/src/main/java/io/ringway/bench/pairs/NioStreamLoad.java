package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Writes as fast as the server reads, in pieces of one size; checks at the end that all of it has arrived. */
final class NioStreamLoad extends NioLoad {
    private static final int WRITES_PER_SELECT = 64;

    private final ByteBuffer piece;
    private final ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
    private Meter meter = new Meter(new Phases());
    private boolean writing = true;
    private long written;

    NioStreamLoad(Options options) throws IOException {
        super(options);
        piece = ByteBuffer.allocateDirect(options.integer("size", 1 << 16));
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        SelectionKey key = connect();
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
            int more = channel.write(piece);
            written += more;
            if (!piece.hasRemaining()) {
                piece.clear();
            }
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

    @Override
    public void report(Result result) {
        result.put("size", piece.capacity()).put("messages", meter.messages()).put("bytes", meter.bytes());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }
}
