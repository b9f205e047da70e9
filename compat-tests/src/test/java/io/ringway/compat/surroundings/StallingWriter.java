package io.ringway.compat.surroundings;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes into many connections for as long as they take bytes, and tells how much that was; then, when told to, many
 * megabytes into each. Arguments: host, port, number of connections.
 */
final class StallingWriter {
    private static final int CHUNK = 256 * 1024;
    private static final long STREAM = 16 << 20;

    private StallingWriter() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            channels.add(SocketChannel.open(address));
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long written = 0;
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
            for (int n = channel.write(chunk.clear()); n > 0; n = channel.write(chunk.clear())) {
                written += n;
            }
        }
        System.out.println("written " + written);
        while (System.in.read() >= 0) {
            // Only the end is of interest.
        }
        long streamed = 0;
        for (SocketChannel channel : channels) {
            channel.configureBlocking(true);
            for (long sent = 0; sent < STREAM; sent += CHUNK) {
                streamed += channel.write(chunk.clear());
            }
            channel.close();
        }
        System.out.println("streamed " + streamed);
    }
}
