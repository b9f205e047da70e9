package io.ringway.compat.surroundings;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.ManagementBean;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Connects for the first time when no descriptor is left, and again when there are some. Arguments: host, port, and
 * whether to tell how many connections were accelerated.
 */
final class LimitedConnector {
    private static final int GIVEN_BACK = 32;

    private LimitedConnector() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        Selector.open().close();
        Descriptors descriptors = new Descriptors();
        descriptors.takeAll();
        try {
            SocketChannel.open(address);
        } catch (IOException e) {
            System.out.println("failed " + e);
        }
        descriptors.give(GIVEN_BACK);
        try (SocketChannel channel = SocketChannel.open(address)) {
            Io.write(channel, "1");
            System.out.println("connected " + Io.read(channel, 1));
        }
        if (Boolean.parseBoolean(arguments[2])) {
            System.out.println("accelerated " + ManagementBean.acceleratedConnections());
        }
    }
}
