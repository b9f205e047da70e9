package io.ringway.bench.pairs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The load of {@link NioRateLoad}, spread evenly: a second thread sleeps from message to message and writes, while the
 * event loop reads the answers.
 */
final class NioPacedLoad extends NioLoad {
    private final int size;
    private final long gapNanos;
    private final int connections;
    private final AtomicLongArray sentNanos;
    private final AtomicLongArray outstanding;
    private final Failures failures = new Failures();
    private final ByteBuffer in;
    private Meter meter = new Meter(new Phases());
    private volatile boolean sending = true;
    private long late;

    /** A connection as its key's attachment. */
    private static final class Lane {
        final int index;
        int received;

        Lane(int index) {
            this.index = index;
        }
    }

    NioPacedLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", 64);
        connections = options.integer("connections", 10);
        gapNanos = 1_000_000_000L / options.integer("rate", 10_000);
        sentNanos = new AtomicLongArray(connections);
        outstanding = new AtomicLongArray(connections);
        in = ByteBuffer.allocateDirect(size);
    }

    @Override
    protected void run(Phases phases) throws Exception {
        meter = new Meter(phases);
        SocketChannel[] channels = new SocketChannel[connections];
        for (int i = 0; i < connections; i++) {
            SelectionKey key = connect();
            key.attach(new Lane(i));
            channels[i] = (SocketChannel) key.channel();
        }
        started();
        Thread pacer = Thread.ofPlatform().start(failures.guard(() -> pace(channels)));
        while (meter.running()) {
            loop.select();
        }
        sending = false;
        pacer.join();
        failures.rethrow();
    }

    private void pace(SocketChannel[] channels) throws IOException {
        ByteBuffer out = ByteBuffer.allocateDirect(size);
        long due = System.nanoTime();
        for (int i = 0; sending; i = (i + 1) % connections, due += gapNanos) {
            for (long left = due - System.nanoTime(); left > 0 && sending; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (outstanding.getAcquire(i) != 0) {
                late++;
                continue;
            }
            outstanding.setRelease(i, 1);
            sentNanos.setRelease(i, System.nanoTime());
            channels[i].write(out.clear());
        }
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Lane lane = (Lane) key.attachment();
        int read = channel.read(in.clear().limit(size - lane.received));
        if (read < 0) {
            throw new EOFException("Server closed the connection");
        }
        lane.received += read;
        if (lane.received == size) {
            lane.received = 0;
            meter.record(sentNanos.getAcquire(lane.index), System.nanoTime());
            outstanding.setRelease(lane.index, 0);
        }
    }

    @Override
    public void report(Result result) {
        result.put("messages", meter.messages()).put("late", late).put("", meter.histogram());
    }
}
