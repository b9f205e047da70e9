package io.ringway.compat.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.Loopback;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that writes and then ends: what {@code write} accepted arrives. */
class ExitTest {
    @ParameterizedTest
    @CsvSource({
        "HALT, 1", "HALT, 1000", "HALT, 3000000",
        "EXIT, 1", "EXIT, 100000", "EXIT, 3000000",
        "RETURN, 10", "RETURN, 500000",
    })
    void allBytesArriveAfterTheProcessEnded(Sender.Ending ending, int total) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.start(Sender.class, "127.0.0.1", port, total, ending)) {
                assertEquals(0, child.awaitExit());
                try (SocketChannel channel = listener.accept()) {
                    assertEquals(total, Child.receive(channel));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"HALT", "EXIT"})
    void allBytesArriveWhileTheReaderReads(Sender.Ending ending) throws Exception {
        int total = 30_000_000;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (ChildJvm child = ChildJvm.start(Sender.class, "127.0.0.1", port, total, ending);
                    SocketChannel channel = listener.accept()) {
                assertEquals(total, Child.receive(channel));
                assertEquals(0, child.awaitExit());
            }
        }
    }
}
