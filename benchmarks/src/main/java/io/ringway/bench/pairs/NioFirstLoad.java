package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The first messages of two fresh processes: how long until connected, and until the last answer is there. */
final class NioFirstLoad extends NioLoad {
    private final int messages;
    private final long begunNanos;
    private long connectedNanos;
    private long endedNanos;
    private int left;

    NioFirstLoad(Options options) throws IOException {
        this(options, System.nanoTime());
    }

    private NioFirstLoad(Options options, long begunNanos) throws IOException {
        super(options);
        this.begunNanos = begunNanos;
        this.messages = options.integer("messages", 1000);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        Ping ping = new Ping(connect(), options.integer("size", 64));
        connectedNanos = System.nanoTime();
        started();
        left = messages;
        ping.send(connectedNanos);
        while (left > 0) {
            loop.select();
        }
        endedNanos = System.nanoTime();
    }

    @Override
    protected void handle(SelectionKey key, SocketChannel channel) throws IOException {
        Ping ping = (Ping) key.attachment();
        if (ping.advance() && --left > 0) {
            ping.send(System.nanoTime());
        }
    }

    @Override
    public void report(Result result) {
        result.put("messages", messages)
                .put("connect_ms", (connectedNanos - begunNanos) / 1e6)
                .put("first_ms", (endedNanos - connectedNanos) / 1e6);
    }
}
