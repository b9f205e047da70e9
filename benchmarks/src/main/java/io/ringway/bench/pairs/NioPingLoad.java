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
    private final boolean memory;
    private Meter meter;
    private IdleMemory before = new IdleMemory(0, 0, 0);
    private IdleMemory after = before;
    private int outstanding;
    private boolean asking;

    NioPingLoad(Options options) throws IOException {
        super(options);
        size = options.integer("size", 64);
        silent = options.flag("silent");
        memory = options.flag("memory") && options.integer("idle", 0) > 0;
        meter = new Meter(new Phases());
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        Ping[] pings = new Ping[options.integer("connections", 1)];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = new Ping(connect(), size);
        }
        openIdle(options.integer("idle", 0), pings[0]);
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

    private void openIdle(int count, Ping ping) throws IOException {
        if (count == 0) {
            return;
        }
        OpenFiles.require(count + options.integer("connections", 1));
        if (memory) {
            before = memory(ping);
        }
        for (int i = 0; i < count; i++) {
            connect();
        }
        if (memory) {
            after = memory(ping);
        }
    }

    /** Has the server collect, then collects and counts. */
    private IdleMemory memory(Ping ping) throws IOException {
        asking = true;
        ping.ask();
        while (asking) {
            loop.select();
        }
        return IdleMemory.now(ping.stamp(), options.integer("server_pid", 0));
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Ping ping = (Ping) key.attachment();
        if (ping == null || !ping.advance()) {
            return;
        }
        if (asking) {
            asking = false;
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
        if (memory) {
            after.report(before, options.integer("idle", 0), result);
        }
    }
}
