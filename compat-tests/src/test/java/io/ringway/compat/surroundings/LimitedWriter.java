package io.ringway.compat.surroundings;

import io.ringway.compat.support.Io;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Connects, takes all descriptors, and writes when it is told to. Arguments: host and port. */
final class LimitedWriter {
    private LimitedWriter() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        try (SocketChannel channel = SocketChannel.open(address)) {
            Io.write(channel, "1");
            Io.read(channel, 1);
            new Descriptors().takeAll();
            System.out.println("full");
            while (System.in.read() >= 0) {
                // Only the end is of interest.
            }
            Io.write(channel, "2");
            System.out.println("answered " + Io.read(channel, 1));
        }
    }
}
