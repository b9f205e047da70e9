package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Ping-pong over one connection beside streams over others, all of one selector: one piece is written to each stream that
 * can take it in each round of the event loop.
 */
final class NioMixedLoad extends NioLoad {
    private final int size;
    private final ByteBuffer[] pieces;
    private final SelectionKey[] streams;
    private final ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
    private Meter meter = new Meter(new Phases());
    private Meter bytes = new Meter(new Phases());
    private boolean outstanding;
    private long written;

    NioMixedLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", 64);
        streams = new SelectionKey[options.integer("streams", 1)];
        pieces = new ByteBuffer[streams.length];
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        bytes = new Meter(phases);
        Ping ping = new Ping(connect(), size);
        for (int i = 0; i < streams.length; i++) {
            pieces[i] = ByteBuffer.allocateDirect(options.integer("piece", 1 << 16));
            pieces[i].put(0, NioMixedServer.STREAM);
            streams[i] = connect();
            streams[i].attach(pieces[i]);
        }
        started();
        for (SelectionKey stream : streams) {
            stream.interestOps(SelectionKey.OP_WRITE);
        }
        outstanding = true;
        ping.send(System.nanoTime());
        while (outstanding) {
            loop.select();
        }
        checkArrival();
    }

    /** All that was written has arrived. */
    private void checkArrival() throws IOException {
        long arrived = 0;
        for (SelectionKey stream : streams) {
            SocketChannel channel = (SocketChannel) stream.channel();
            channel.shutdownOutput();
            stream.cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            answer.clear();
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw new IOException("Server closed a stream");
                }
            }
            arrived += answer.getLong(0);
        }
        if (arrived != written) {
            throw new IOException("Wrote " + written + " bytes, the server read " + arrived);
        }
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        if (key.attachment() instanceof Ping ping) {
            advance(ping);
        } else if (key.attachment() instanceof ByteBuffer piece && bytes.running()) {
            int more = channel.write(piece);
            written += more;
            bytes.recordBytes(more);
            if (!piece.hasRemaining()) {
                piece.clear();
            }
        }
    }

    private void advance(Ping ping) throws IOException {
        if (!ping.advance()) {
            return;
        }
        long now = System.nanoTime();
        if (meter.record(ping.sentNanos(), now)) {
            ping.send(now);
        } else {
            outstanding = false;
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
        result.put("bytes", bytes.bytes());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }
}
