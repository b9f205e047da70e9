package io.ringway.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A program that sends itself as many messages as its argument says, through selectors, and prints {@code done}. */
final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws IOException {
        int messages = Integer.parseInt(arguments[0]);
        try (Selector forClient = Selector.open();
                Selector forServed = Selector.open();
                ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel served = listener.accept()) {
            client.configureBlocking(false).register(forClient, SelectionKey.OP_READ);
            served.configureBlocking(false).register(forServed, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            for (int i = 0; i < messages; i++) {
                pass(client, served, forServed, buffer.clear());
                pass(served, client, forClient, buffer.clear());
            }
        }
        System.out.println("done");
    }

    private static void pass(SocketChannel from, SocketChannel to, Selector selector, ByteBuffer buffer)
            throws IOException {
        while (buffer.hasRemaining()) {
            from.write(buffer);
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            selector.select();
            selector.selectedKeys().clear();
            if (to.read(buffer) < 0) {
                throw new IOException("the end");
            }
        }
    }
}
