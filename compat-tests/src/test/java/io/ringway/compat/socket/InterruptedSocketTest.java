package io.ringway.compat.socket;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An interrupt ends a blocked call on a channel's socket, closes the channel, and leaves the status set. */
class InterruptedSocketTest {
    private static final int LONG_MILLIS = 60_000;

    private static Background<@Nullable Void> start(boolean virtual, boolean[] status, Background.Action call) {
        Background.Action watched = () -> {
            try {
                call.run();
            } finally {
                status[0] = Thread.interrupted();
            }
        };
        return virtual
                ? Background.startVirtual(() -> {
                    watched.run();
                    return null;
                })
                : Background.run(watched);
    }

    private static void interrupt(Background<@Nullable Void> call, String method, boolean[] status) throws Exception {
        call.awaitInside(method);
        call.thread().interrupt();
        call.failure(ClosedByInterruptException.class);
        assertTrue(status[0], "the status stays set");
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 60000", "true, 60000"})
    void aRead(boolean virtual, int millis) throws Exception {
        boolean[] status = {false};
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            socket.setSoTimeout(millis);
            try (Background<@Nullable Void> call =
                    start(virtual, status, () -> socket.getInputStream().read())) {
                interrupt(call, "read", status);
                assertFalse(pair.client().isOpen());
                assertTrue(socket.isClosed());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aWrite(boolean virtual) throws Exception {
        boolean[] status = {false};
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> call = start(
                        virtual,
                        status,
                        () -> pair.client().socket().getOutputStream().write(new byte[50_000_000]))) {
            interrupt(call, "write", status);
            assertFalse(pair.client().isOpen());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 60000", "true, 60000"})
    void anAccept(boolean virtual, int millis) throws Exception {
        boolean[] status = {false};
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            listener.socket().setSoTimeout(millis);
            try (Background<@Nullable Void> call =
                    start(virtual, status, () -> listener.socket().accept())) {
                interrupt(call, "accept", status);
                assertFalse(listener.isOpen());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aSkip(boolean virtual) throws Exception {
        boolean[] status = {false};
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.client().socket();
            socket.setSoTimeout(LONG_MILLIS);
            try (Background<@Nullable Void> call =
                    start(virtual, status, () -> socket.getInputStream().skip(10))) {
                interrupt(call, "skip", status);
                assertFalse(pair.client().isOpen());
            }
        }
    }
}
