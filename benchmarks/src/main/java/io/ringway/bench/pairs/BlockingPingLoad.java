package io.ringway.bench.pairs;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Ping-pong over one channel in blocking mode, on a platform thread or a virtual one. */
final class BlockingPingLoad extends ThreadLoad {
    private final Options options;
    private final int size;
    private Meter meter = new Meter(new Phases());

    BlockingPingLoad(Options options) {
        super(options.flag("virtual"));
        this.options = options;
        this.size = options.integer("size", 64);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), options.integer("address", 0));
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            started();
            long now = System.nanoTime();
            long sent;
            do {
                sent = now;
                exchange(channel, buffer);
                now = System.nanoTime();
            } while (meter.record(sent, now));
        }
    }

    private static void exchange(SocketChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("Server closed the connection");
            }
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }

    @Override
    public void close() {}
}
