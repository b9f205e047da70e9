package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Ping-pong over one or more connections, each with one message under way; on request beside idle connections, or
 * silent during the measured part (what does an idle process cost?).
 */
final class NioPingLoad extends NioLoad {
    private final int size;
    private final boolean silent;
    private Meter meter;
    private long memoryBeforeKiB;
    private long memoryAfterKiB;
    private int outstanding;

    NioPingLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", 64);
        silent = options.flag("silent");
        meter = new Meter(new Phases());
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        Ping[] pings = new Ping[options.integer("connections", 1)];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = new Ping(connect(), size);
        }
        openIdle(options.integer("idle", 0));
        started();
        for (Ping ping : pings) {
            ping.send(System.nanoTime());
            outstanding++;
        }
        while (outstanding > 0) {
            loop.select();
        }
        while (silent && meter.running()) {
            loop.select();
        }
    }

    private void openIdle(int count) throws IOException {
        if (count == 0) {
            return;
        }
        memoryBeforeKiB = memoryKiB();
        for (int i = 0; i < count; i++) {
            connect();
        }
        memoryAfterKiB = memoryKiB();
    }

    private long memoryKiB() {
        return ProcessCost.memoryKiB(ProcessHandle.current().pid())
                + ProcessCost.memoryKiB(options.integer("server_pid", 0));
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Ping ping = (Ping) key.attachment();
        if (ping == null || !ping.advance()) {
            return;
        }
        long now = System.nanoTime();
        if (meter.record(ping.sentNanos(), now) && !(silent && meter.measuring())) {
            ping.send(now);
        } else {
            outstanding--;
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
        int idle = options.integer("idle", 0);
        if (idle > 0) {
            result.put("idle_kib_per_connection", (double) (memoryAfterKiB - memoryBeforeKiB) / idle);
        }
    }
}
