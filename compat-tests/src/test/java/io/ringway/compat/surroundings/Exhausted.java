package io.ringway.compat.surroundings;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** Uses up its descriptors, tells what fails and how, and that open connections work; then all works again. */
final class Exhausted {
    private static final int GIVEN_BACK = 16;

    private Exhausted() {}

    /** Opens something. */
    private interface Opening {
        Closeable open() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        Descriptors descriptors = new Descriptors();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                TcpPair blocking = TcpPair.open(listener, Loopback.IPV4);
                TcpPair registered = TcpPair.open(listener, Loopback.IPV4).configureBlocking(false);
                Selector selector = Selector.open()) {
            registered.server().register(selector, SelectionKey.OP_READ);
            registered.client().register(selector, 0);
            // Once before, so that no class has to be loaded from a file later.
            openAll(listener);
            exchange(blocking, registered, selector);
            System.out.println(descriptors.takeAll());
            openAll(listener);
            exchange(blocking, registered, selector);
            descriptors.give(GIVEN_BACK);
            openAll(listener);
            exchange(blocking, registered, selector);
        }
    }

    private static void openAll(ServerSocketChannel listener) {
        Map<String, Opening> all = new LinkedHashMap<>();
        all.put("server", () -> ServerSocketChannel.open().bind(Loopback.anyPort()));
        all.put("connection", () -> connected(listener));
        all.put("selector", Selector::open);
        all.put("pipe", () -> Pipe.open().sink());
        all.forEach((name, opening) -> {
            try (Closeable opened = opening.open()) {
                System.out.println(name + " " + (opened != null));
            } catch (IOException e) {
                System.out.println(name + " " + e);
            }
        });
    }

    private static SocketChannel connected(ServerSocketChannel listener) throws IOException {
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        listener.accept().close();
        return client;
    }

    private static void exchange(TcpPair blocking, TcpPair registered, Selector selector) throws Exception {
        for (int i = 0; i < 10; i++) {
            Io.pingPong(blocking);
            registered.client().write(ByteBuffer.allocate(100));
            if (selector.select() != 1 || registered.server().read(ByteBuffer.allocate(200)) != 100) {
                throw new IllegalStateException("nothing selected");
            }
            selector.selectedKeys().clear();
        }
        System.out.println("exchanged");
    }
}
