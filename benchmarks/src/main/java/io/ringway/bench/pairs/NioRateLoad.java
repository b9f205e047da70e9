package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A fixed number of messages per second, divided among the connections: what does a message cost at equal load? The
 * event loop sends with the resolution of a select's time-out, a millisecond, to one connection after another.
 */
final class NioRateLoad extends NioLoad {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long periodNanos;
    private final Ping[] pings;
    private final long[] dueNanos;
    private Meter meter = new Meter(new Phases());
    private int outstanding;
    private long late;

    NioRateLoad(Options options) throws IOException {
        super(options);
        pings = new Ping[options.integer("connections", 10)];
        dueNanos = new long[pings.length];
        periodNanos = pings.length * 1_000_000_000L / options.integer("rate", 10_000);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        for (int i = 0; i < pings.length; i++) {
            pings[i] = new Ping(connect(), options.integer("size", 64));
        }
        started();
        java.util.Arrays.fill(dueNanos, System.nanoTime());
        while (meter.running() || outstanding > 0) {
            long earliest = sendDue();
            long left = (earliest - System.nanoTime()) / NANOS_PER_MILLI;
            loop.select(Math.max(1, left));
        }
    }

    /** Sends on every connection that is due and free; returns when the next one is due. */
    private long sendDue() throws IOException {
        long now = System.nanoTime();
        long earliest = now + periodNanos;
        for (int i = 0; i < pings.length; i++) {
            if (dueNanos[i] <= now && meter.running()) {
                if (pings[i].outstanding()) {
                    late++;
                } else {
                    pings[i].send(now);
                    outstanding++;
                    dueNanos[i] += periodNanos;
                }
            }
            earliest = Math.min(earliest, dueNanos[i]);
        }
        return earliest;
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Ping ping = (Ping) key.attachment();
        if (ping.advance()) {
            outstanding--;
            meter.record(ping.sentNanos(), System.nanoTime());
        }
    }

    @Override
    public void report(Result result) {
        result.put("messages", meter.messages()).put("late", late).put("", meter.histogram());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }
}
