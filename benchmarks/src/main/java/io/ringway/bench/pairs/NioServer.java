package io.ringway.bench.pairs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A plain NIO server: one selector, one thread, accepting and serving. */
abstract class NioServer implements PairServer {
    private static final int BACKLOG = 4096;

    protected final ServerMeter meter = new ServerMeter();
    protected final ByteBuffer buffer;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final EventLoop loop;
    private final boolean nagle;
    private long accepted;
    private int open;

    NioServer(Options options) throws IOException {
        buffer = ByteBuffer.allocateDirect(options.integer("buffer", 1 << 16));
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        nagle = options.flag("nagle");
        loop = new EventLoop(selector, options, this::ready);
    }

    @Override
    public String address() {
        return Integer.toString(listener.socket().getLocalPort());
    }

    @Override
    public void serve() throws IOException {
        while (accepted == 0 || open > 0) {
            loop.select();
        }
    }

    private void ready(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        boolean ended;
        try {
            ended = !serve(key, (SocketChannel) key.channel());
        } catch (IOException e) {
            ended = true;
        }
        if (ended) {
            key.channel().close();
            open--;
        }
    }

    private void accept() throws IOException {
        SocketChannel channel;
        while ((channel = listener.accept()) != null) {
            accepted++;
            open++;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, !nagle);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Serves one ready channel; returns false when it is to be closed. */
    protected abstract boolean serve(SelectionKey key, SocketChannel channel) throws IOException;

    @Override
    public long progress() {
        return meter.messages() + accepted;
    }

    @Override
    public void report(Result result) {
        result.put("accepted", accepted);
        meter.report(result);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        selector.close();
    }
}
