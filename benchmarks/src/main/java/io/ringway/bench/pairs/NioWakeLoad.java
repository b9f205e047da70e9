package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * One message after each gap of silence, once the code is warm: both processes sleep, and have to wake up. With a server that stamps, also the
 * way there alone (the clock of {@link System#nanoTime()} is the same in all processes of a Linux host).
 */
final class NioWakeLoad extends NioLoad {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long gapMillis;
    private final Histogram oneWay = new Histogram(1, 60_000_000_000L, 3);
    private Meter meter = new Meter(new Phases());
    private boolean running = true;

    NioWakeLoad(Options options) throws IOException {
        super(options);
        gapMillis = options.integer("gap_ms", 100);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        Ping ping = new Ping(connect(), options.integer("size", 64));
        started();
        while (running) {
            if (meter.measuring()) {
                pause();
            }
            ping.send(System.nanoTime());
            while (ping.outstanding()) {
                loop.select();
            }
        }
    }

    private void pause() throws IOException {
        long due = System.nanoTime() + gapMillis * NANOS_PER_MILLI;
        for (long left = gapMillis; left > 0; left = (due - System.nanoTime()) / NANOS_PER_MILLI) {
            loop.select(left);
        }
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Ping ping = (Ping) key.attachment();
        if (ping.advance()) {
            running = meter.record(ping.sentNanos(), System.nanoTime());
            if (meter.measuring()) {
                oneWay.recordValue(Math.max(1, ping.stamp() - ping.sentNanos()));
            }
        }
    }

    @Override
    public void report(Result result) {
        result.put("messages", meter.messages()).put("", meter.histogram()).put("one_way_", oneWay);
    }
}
