package io.ringway.compat.faults;

import java.nio.channels.SocketChannel;

/** Connects and then neither reads nor writes. Arguments: host and port. */
final class SilentPeer {
    private SilentPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SocketChannel channel = Child.connect(arguments[0], arguments[1])) {
            Child.awaitParent();
            Child.print("still open " + channel.isOpen());
        }
    }
}
