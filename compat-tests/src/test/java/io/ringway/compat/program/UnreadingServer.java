package io.ringway.compat.program;

import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.Parent;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepts one connection and never reads from it. */
final class UnreadingServer {
    private UnreadingServer() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            Parent.tell("port " + ((InetSocketAddress) listener.getLocalAddress()).getPort());
            try (SocketChannel accepted = listener.accept()) {
                Parent.tell("accepted " + accepted.isConnected());
                Parent.awaitEnd();
            }
        }
    }
}
