package io.ringway.compat.support;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Two channels connected to each other, both in blocking mode. */
public record TcpPair(SocketChannel client, SocketChannel server) implements AutoCloseable {
    /** A pair over 127.0.0.1. */
    public static TcpPair open() throws IOException {
        return open(Loopback.IPV4);
    }

    public static TcpPair open(Loopback loopback) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback.bindAddress())) {
            return open(listener, loopback);
        }
    }

    /** A pair whose server side comes from that listener, which stays open. */
    public static TcpPair open(ServerSocketChannel listener, Loopback loopback) throws IOException {
        SocketChannel client = SocketChannel.open(loopback.connectAddress(listener));
        return new TcpPair(client, listener.accept());
    }

    /** Sets both ends' mode. */
    public TcpPair configureBlocking(boolean block) throws IOException {
        client.configureBlocking(block);
        server.configureBlocking(block);
        return this;
    }

    @Override
    public void close() throws IOException {
        try (client) {
            server.close();
        }
    }
}
