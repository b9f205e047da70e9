package io.ringway.bench.pairs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A plain NIO client: one selector, one thread, non-blocking channels. */
abstract class NioLoad extends ThreadLoad {
    protected final Options options;
    protected final InetSocketAddress server;
    protected final Selector selector;
    protected final EventLoop loop;
    private final List<SocketChannel> channels = new ArrayList<>();

    NioLoad(Options options) throws IOException {
        super(false);
        this.options = options;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), options.integer("address", 0));
        this.selector = Selector.open();
        this.loop = new EventLoop(selector, options, this::ready);
    }

    /** Handles one ready key, connecting ones excepted. */
    protected abstract void handle(SelectionKey key, SocketChannel channel) throws IOException;

    /** A channel got connected that had to wait for it. */
    protected void connected(SelectionKey key, SocketChannel channel) throws IOException {}

    private void ready(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            connected(key, channel);
        } else {
            handle(key, channel);
        }
    }

    /** Connects one channel and waits for it; its key is interested in reading then. */
    protected final SelectionKey connect() throws IOException {
        SelectionKey key = connecting();
        while (key.interestOps() == SelectionKey.OP_CONNECT) {
            loop.select();
        }
        channels.add((SocketChannel) key.channel());
        return key;
    }

    /** Starts to connect a channel. */
    protected final SelectionKey connecting() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, !options.flag("nagle"));
        boolean done = channel.connect(server);
        return channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
    }

    @Override
    protected void wake() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
