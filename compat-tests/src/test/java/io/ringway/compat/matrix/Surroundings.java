package io.ringway.compat.matrix;

import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** What the channels of a matrix connect to, and what is to be closed after each cell. */
final class Surroundings implements AutoCloseable {
    /** Only the states of the matrix connect to this one. */
    final ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());

    /** Where the calls of the matrix connect to; nobody accepts before the end of the cell. */
    private final ServerSocketChannel target = ServerSocketChannel.open().bind(Loopback.anyPort());

    final InetSocketAddress refusing = Loopback.refusing();
    final Selector selector = Selector.open();
    private final FullListener full = FullListener.open();
    private final List<Channel> opened = new ArrayList<>();
    private final int settleMillis;

    Surroundings(int settleMillis) throws Exception {
        this.settleMillis = settleMillis;
        target.configureBlocking(false);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) target.getLocalAddress();
    }

    InetSocketAddress fullAddress() throws IOException {
        return full.address();
    }

    /** What one end did reaches the other after a moment. */
    void settle() throws InterruptedException {
        Thread.sleep(settleMillis);
    }

    synchronized <C extends Channel> C remember(C channel) {
        opened.add(channel);
        return channel;
    }

    /** Closes all that was opened for a cell. */
    synchronized void closeOpened() throws IOException {
        for (Channel channel : opened) {
            channel.close();
        }
        opened.clear();
        for (SocketChannel client = target.accept(); client != null; client = target.accept()) {
            client.close();
        }
        selector.selectNow();
    }

    @Override
    public void close() throws IOException {
        closeOpened();
        selector.close();
        listener.close();
        target.close();
        full.close();
    }
}
