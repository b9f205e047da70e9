package io.ringway.compat.surroundings;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Opens many connections and goes on selecting, but reads nothing until told to; then it reads all to their ends, and
 * tells how much that was. Arguments: host, port, number of connections.
 */
final class StalledReader {
    private StalledReader() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        FutureTask<Void> told = new FutureTask<>(() -> {
            while (System.in.read() >= 0) {
                // Only the end is of interest.
            }
            return null;
        });
        Thread.ofPlatform().daemon().start(told);
        try (Selector selector = Selector.open()) {
            List<SocketChannel> channels = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                SocketChannel channel = SocketChannel.open(address);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_WRITE);
                channels.add(channel);
            }
            System.out.println("connected");
            while (!told.isDone()) {
                selector.select(10);
                selector.selectedKeys().clear();
            }
            long total = 0;
            for (SocketChannel channel : channels) {
                channel.keyFor(selector).cancel();
                selector.selectNow();
                channel.configureBlocking(true);
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
                    total += n;
                }
            }
            System.out.println("read " + total);
        }
    }
}
