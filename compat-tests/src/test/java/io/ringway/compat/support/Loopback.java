package io.ringway.compat.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;

/** A way to reach a listener on this host: what it binds to and what a client connects to. */
public enum Loopback {
    IPV4("127.0.0.1", "127.0.0.1"),
    IPV6("::1", "::1"),
    IPV4_SECOND_ADDRESS("127.0.0.2", "127.0.0.2"),
    WILDCARD_BY_IPV4("::", "127.0.0.1"),
    WILDCARD_BY_IPV6("::", "::1"),
    IPV4_WILDCARD("0.0.0.0", "127.0.0.1");

    private final String bound;
    private final String connected;

    Loopback(String bound, String connected) {
        this.bound = bound;
        this.connected = connected;
    }

    /** 127.0.0.1, port 0. */
    public static InetSocketAddress anyPort() {
        return IPV4.bindAddress();
    }

    /** What a listener binds to, port 0. */
    public InetSocketAddress bindAddress() {
        return new InetSocketAddress(address(bound), 0);
    }

    /** What a client of this listener connects to. */
    public InetSocketAddress connectAddress(ServerSocketChannel listener) throws IOException {
        return new InetSocketAddress(address(connected), ((InetSocketAddress) listener.getLocalAddress()).getPort());
    }

    /** The address without port that a client connects to. */
    public InetAddress connectAddress() {
        return address(connected);
    }

    /** An address of 127.0.0.1 where nothing listens, so that a connection is refused. */
    public static InetSocketAddress refusing() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(anyPort())) {
            return (InetSocketAddress) listener.getLocalAddress();
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
