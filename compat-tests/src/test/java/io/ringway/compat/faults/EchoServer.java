package io.ringway.compat.faults;

import io.ringway.compat.support.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Echoes on all connections, with one selector. Argument: the kind of loopback address to bind to. */
final class EchoServer {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    private EchoServer() {}

    public static void main(String[] arguments) throws Exception {
        ServerSocketChannel listener = Child.listen(arguments[0]);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                new EchoServer().serve(listener);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Child.awaitParent();
    }

    private void serve(ServerSocketChannel listener) throws IOException {
        Selector selector = Selector.open();
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select(key -> {
                try {
                    serve(key);
                } catch (Exception e) {
                    close(key);
                }
            });
        }
    }

    private void serve(SelectionKey key) throws Exception {
        if (key.isAcceptable()) {
            SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                accepted.register(key.selector(), SelectionKey.OP_READ);
            }
            return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        if (channel.read(buffer.clear()) < 0) {
            channel.close();
        } else {
            Io.write(channel, buffer.flip());
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
