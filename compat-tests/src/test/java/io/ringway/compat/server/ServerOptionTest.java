package io.ringway.compat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServerOptionTest {
    @Test
    void theSupportedOptionsAreThoseOfTheJdkOnLinux() throws Exception {
        Set<String> names = new TreeSet<>();
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.supportedOptions().forEach(option -> names.add(option.name()));
        }
        assertEquals(
                Set.of(
                        "SO_INCOMING_NAPI_ID",
                        "SO_RCVBUF",
                        "SO_REUSEADDR",
                        "SO_REUSEPORT",
                        "TCP_KEEPCOUNT",
                        "TCP_KEEPIDLE",
                        "TCP_KEEPINTERVAL",
                        "TCP_QUICKACK"),
                names);
    }

    @Test
    void everySupportedOptionHasAValueBeforeAndAfterBind() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            for (int i = 0; i < 2; i++) {
                for (SocketOption<?> option : channel.supportedOptions()) {
                    assertSame(option.type(), channel.getOption(option).getClass(), option::name);
                }
                if (i == 0) {
                    channel.bind(Loopback.anyPort());
                }
            }
        }
    }

    @Test
    void addressReuseIsOnByDefaultAndPortReuseIsOff() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            assertEquals(true, channel.getOption(StandardSocketOptions.SO_REUSEADDR));
            assertEquals(false, channel.getOption(StandardSocketOptions.SO_REUSEPORT));
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            assertEquals(false, channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        }
    }

    @Test
    void theReceiveBufferSizeIsReadBackAndInherited() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 100_000).bind(Loopback.anyPort());
            assertEquals(100_000, listener.getOption(StandardSocketOptions.SO_RCVBUF));
            try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
                assertEquals(100_000, pair.server().getOption(StandardSocketOptions.SO_RCVBUF));
                Io.pingPong(pair);
            }
        }
    }

    @Test
    void twoListenersShareAPortByReusePort() throws Exception {
        try (ServerSocketChannel first = reusing(0)) {
            int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
            try (ServerSocketChannel second = reusing(port)) {
                first.configureBlocking(false);
                second.configureBlocking(false);
                int accepted = 0;
                for (int i = 0; i < 50; i++) {
                    try (SocketChannel client = SocketChannel.open(second.getLocalAddress())) {
                        SocketChannel server = null;
                        while (server == null) {
                            server = first.accept();
                            server = server == null ? second.accept() : server;
                        }
                        Io.pingPong(new TcpPair(client, server));
                        server.close();
                        accepted++;
                    }
                }
                assertEquals(50, accepted);
            }
        }
    }

    private static ServerSocketChannel reusing(int port) throws Exception {
        return ServerSocketChannel.open()
                .setOption(StandardSocketOptions.SO_REUSEPORT, true)
                .bind(new InetSocketAddress(Loopback.IPV4.connectAddress(), port));
    }

    @Test
    void unsupportedOptionsAndWrongValuesAreRefused() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
            assertThrows(UnsupportedOperationException.class, () -> channel.getOption(StandardSocketOptions.SO_SNDBUF));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, -1));
            assertTrue(channel.isOpen());
            channel.close();
            assertThrows(ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertThrows(ClosedChannelException.class, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, 65536));
        }
    }
}
