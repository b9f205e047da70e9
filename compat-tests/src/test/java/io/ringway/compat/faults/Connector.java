package io.ringway.compat.faults;

import io.ringway.compat.support.Io;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Connects again and again, sending one byte each time, until it is killed. Arguments: host and port. */
final class Connector {
    private Connector() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        while (true) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                Io.write(channel, "c");
            }
        }
    }
}
