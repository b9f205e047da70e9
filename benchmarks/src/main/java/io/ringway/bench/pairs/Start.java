package io.ringway.bench.pairs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Main class of a program that is over at once: {@code Start none} does nothing, {@code Start tcp} exchanges one byte
 * with itself through a selector. Timed from outside: what does a start cost?
 */
public final class Start {
    private Start() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("tcp")) {
            exchange();
        }
        System.out.println(new Result().put("role", "start").put("kind", args[0]));
    }

    private static void exchange() throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel served = listener.accept()) {
                served.configureBlocking(false);
                served.register(selector, SelectionKey.OP_READ);
                client.write(ByteBuffer.wrap(new byte[1]));
                selector.select();
                served.read(ByteBuffer.allocate(1));
            }
        }
    }
}
