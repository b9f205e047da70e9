package io.ringway.compat.faults;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens many connections and writes into each for as long as it takes bytes; then tells how many in all, and ends.
 * Arguments: host, port and number of connections.
 */
final class Hoarder {
    private static final int CHUNK = 256 * 1024;

    private Hoarder() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int connections = Integer.parseInt(arguments[2]);
        List<SocketChannel> channels = new ArrayList<>();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long total = 0;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(address);
            channel.configureBlocking(false);
            channels.add(channel);
            for (int n = channel.write(chunk.clear()); n > 0; n = channel.write(chunk.clear())) {
                total += n;
            }
        }
        Child.print("written " + total);
        for (SocketChannel channel : channels) {
            channel.close();
        }
        Child.awaitParent();
    }
}
