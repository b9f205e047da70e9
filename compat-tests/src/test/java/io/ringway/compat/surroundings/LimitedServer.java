package io.ringway.compat.surroundings;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Accepts and echoes one byte per connection; in between it has no descriptor left, until an accept has failed.
 * Arguments: how many connections are served before, and whether it accepts in blocking mode.
 */
final class LimitedServer {
    private static final int GIVEN_BACK = 16;

    private LimitedServer() {}

    public static void main(String[] arguments) throws Exception {
        Descriptors descriptors = new Descriptors();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                Selector selector = Selector.open()) {
            System.out.println("port " + ((InetSocketAddress) listener.getLocalAddress()).getPort());
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                echo(listener.accept());
            }
            if (!Boolean.parseBoolean(arguments[1])) {
                listener.configureBlocking(false);
                listener.register(selector, SelectionKey.OP_ACCEPT);
            }
            selector.selectNow();
            descriptors.takeAll();
            System.out.println("full");
            while (true) {
                try {
                    SocketChannel accepted = accept(listener, selector);
                    System.out.println("accepted");
                    echo(accepted);
                } catch (IOException e) {
                    System.out.println("failed " + e);
                    descriptors.give(GIVEN_BACK);
                }
            }
        }
    }

    /** Waits for a connection; the peer has connected when this is called, or will. */
    private static SocketChannel accept(ServerSocketChannel listener, Selector selector) throws IOException {
        while (true) {
            if (!listener.isBlocking() && selector.select() != 0) {
                selector.selectedKeys().clear();
            }
            SocketChannel accepted = listener.accept();
            if (accepted != null) {
                return accepted;
            }
        }
    }

    private static void echo(SocketChannel channel) throws IOException {
        try (channel) {
            Io.write(channel, Io.read(channel, 1));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
