package io.ringway.compat.faults;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Connects and selects with a time-out, telling what came of it, until something is there. Arguments: host, port, time-out. */
final class SelectingPeer {
    private SelectingPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SocketChannel channel = Child.connect(arguments[0], arguments[1]);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            int selected = 0;
            while (selected == 0) {
                selected = selector.select(Long.parseLong(arguments[2]));
                Child.print("selected " + selected);
            }
        }
    }
}
