package io.ringway.bench.pairs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Connects, sends one request, reads its answer, closes, and again. One further connection stays open, so that the
 * server knows that more is to come. Bounded in number: the kernel keeps closed connections for a minute.
 */
final class NioConnectLoad extends NioLoad {
    private static final int LIMIT = 2_000_000;

    /** What is kept from one connection to the next. */
    private static final class Cycle {
        final ByteBuffer buffer;
        long begunNanos;

        Cycle(int size) {
            buffer = ByteBuffer.allocateDirect(size);
        }
    }

    private final int size;
    private final int limit;
    private Meter meter = new Meter(new Phases());
    private int outstanding;
    private int begun;

    NioConnectLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", 64);
        limit = options.integer("limit", LIMIT);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        connect();
        started();
        for (int i = 0; i < options.integer("connections", 1); i++) {
            outstanding++;
            begin(new Cycle(size), System.nanoTime());
        }
        while (outstanding > 0) {
            loop.select();
        }
    }

    private void begin(Cycle cycle, long nowNanos) throws IOException {
        begun++;
        cycle.begunNanos = nowNanos;
        SelectionKey key = connecting();
        key.attach(cycle);
        if (key.interestOps() != SelectionKey.OP_CONNECT) {
            connected(key, (SocketChannel) key.channel());
        }
    }

    @Override
    protected void connected(SelectionKey key, SocketChannel channel) throws IOException {
        Cycle cycle = (@Nullable Cycle) key.attachment();
        if (cycle != null) {
            channel.write(cycle.buffer.clear());
            cycle.buffer.clear();
        }
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Cycle cycle = (Cycle) key.attachment();
        if (channel.read(cycle.buffer) < 0) {
            throw new EOFException("Closed before the answer was complete");
        }
        if (cycle.buffer.hasRemaining()) {
            return;
        }
        channel.close();
        long now = System.nanoTime();
        if (meter.record(cycle.begunNanos, now) && begun < limit) {
            begin(cycle, now);
        } else {
            outstanding--;
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
        result.put("connections_in_all", begun);
    }
}
