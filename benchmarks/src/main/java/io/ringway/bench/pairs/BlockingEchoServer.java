package io.ringway.bench.pairs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sends back what it reads, over one channel in blocking mode, on a platform thread or a virtual one. */
final class BlockingEchoServer implements PairServer {
    private final ServerMeter meter = new ServerMeter();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final boolean virtual;
    private final Result served = new Result();

    BlockingEchoServer(Options options) throws IOException {
        virtual = options.flag("virtual");
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    public String address() {
        return Integer.toString(listener.socket().getLocalPort());
    }

    @Override
    public void serve() throws Exception {
        Failures failures = new Failures();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        builder.start(failures.guard(this::echo)).join();
        failures.rethrow();
    }

    private void echo() throws IOException {
        try (SocketChannel channel = listener.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            while (channel.read(buffer.clear()) >= 0) {
                meter.message();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
        meter.report(served);
    }

    @Override
    public long progress() {
        return meter.messages();
    }

    @Override
    public void report(Result result) {
        result.putAll(served);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
