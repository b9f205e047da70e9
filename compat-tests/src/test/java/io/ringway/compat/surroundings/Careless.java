package io.ringway.compat.surroundings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** An application that ends without closing anything: its descriptors are lost, its objects must not be. */
public final class Careless implements Runnable {
    private static final int CONNECTIONS = 4;

    /** Refers to its class, and so to the loader. */
    private static final class Note {}

    /** Made by the container, by reflection. */
    public Careless() {}

    @Override
    public void run() {
        try {
            ServerSocketChannel blocking = listen();
            for (int i = 0; i < CONNECTIONS; i++) {
                exchange(SocketChannel.open(blocking.getLocalAddress()), blocking.accept());
            }
            ServerSocketChannel listener = listen();
            listener.configureBlocking(false);
            Selector selector = Selector.open();
            listener.register(selector, SelectionKey.OP_ACCEPT, new Note());
            for (int i = 0; i < CONNECTIONS; i++) {
                select(selector, SocketChannel.open(listener.getLocalAddress()));
            }
            // An attempt that is under way.
            SocketChannel pending = SocketChannel.open();
            pending.configureBlocking(false);
            pending.connect(listener.getLocalAddress());
            pending.register(selector, SelectionKey.OP_CONNECT, new Note());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void exchange(SocketChannel client, SocketChannel server) throws IOException {
        client.socket().getOutputStream().write(1);
        if (server.read(ByteBuffer.allocate(1)) != 1) {
            throw new IllegalStateException("nothing came");
        }
    }

    /** Leaves both ends registered, with something to read. */
    private static void select(Selector selector, SocketChannel client) throws IOException {
        selector.select(key -> {
            try {
                SocketChannel server = ((ServerSocketChannel) key.channel()).accept();
                server.configureBlocking(false);
                server.register(selector, SelectionKey.OP_READ, new Note());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        client.write(ByteBuffer.allocate(1000));
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, new Note());
        selector.keys().forEach(key -> key.interestOpsAnd(SelectionKey.OP_ACCEPT));
    }
}
