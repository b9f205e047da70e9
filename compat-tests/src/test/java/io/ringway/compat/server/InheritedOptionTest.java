package io.ringway.compat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an accepted connection has of its listener. */
class InheritedOptionTest {
    static Stream<SocketOption<Integer>> numbers() {
        return Stream.of(
                ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.TCP_KEEPINTERVAL,
                ExtendedSocketOptions.TCP_KEEPCOUNT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void addressReuse(boolean on) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, on).bind(Loopback.anyPort());
            try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
                assertEquals(on, pair.server().getOption(StandardSocketOptions.SO_REUSEADDR));
                assertEquals(on, pair.server().socket().getReuseAddress());
                assertEquals(false, pair.client().getOption(StandardSocketOptions.SO_REUSEADDR));
                pair.server().setOption(StandardSocketOptions.SO_REUSEADDR, !on);
                assertEquals(!on, pair.server().getOption(StandardSocketOptions.SO_REUSEADDR));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void keepAliveTimes(SocketOption<Integer> option) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            assertSame(listener, listener.setOption(option, 7));
            assertEquals(7, listener.getOption(option));
            try (TcpPair pair = TcpPair.open(listener, Loopback.IPV4)) {
                assertEquals(7, pair.server().getOption(option));
                Io.pingPong(pair);
            }
        }
    }
}
