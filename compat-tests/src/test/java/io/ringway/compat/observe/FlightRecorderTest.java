package io.ringway.compat.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.observe.SocketRecording.Seen;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import io.ringway.compat.support.TimeLimit;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The flight recorder's events of socket reads and writes. */
@TimeLimit(90)
class FlightRecorderTest {
    @Tag("smoke")
    @ParameterizedTest
    @EnumSource
    void aReadAndAWriteNameTheOtherEnd(Loopback loopback) throws Exception {
        try (TcpPair pair = TcpPair.open(loopback)) {
            List<Seen> seen = SocketRecording.of(() -> {
                assertEquals(5, pair.client().write(Io.bytes("hello")));
                assertEquals(5, pair.server().read(ByteBuffer.allocate(100)));
                assertEquals(2, pair.server().write(Io.bytes("ok").asReadOnlyBuffer()));
                assertEquals(2, pair.client().read(ByteBuffer.allocateDirect(100)));
            });
            assertEquals(
                    List.of(
                            Seen.write(pair.client(), 5),
                            Seen.read(pair.server(), 5),
                            Seen.write(pair.server(), 2),
                            Seen.read(pair.client(), 2)),
                    seen);
        }
    }

    @Test
    void aConnectionMadeByNameHasTheName() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (SocketChannel client = SocketChannel.open(new InetSocketAddress("localhost", port));
                    SocketChannel server = listener.accept()) {
                List<Seen> seen = SocketRecording.of(() -> {
                    client.write(Io.bytes("x"));
                    server.read(ByteBuffer.allocate(1));
                });
                assertEquals(List.of(Seen.write(client, 1), Seen.read(server, 1)), seen);
                assertEquals("localhost", seen.getFirst().host());
                assertEquals("127.0.0.1", seen.getFirst().address());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gatheringAndScatteringIsOneEventEach(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(blocking)) {
            ByteBuffer[] out = {Io.bytes("skipped"), Io.bytes("abc"), ByteBuffer.allocate(0), Io.bytes("defg")};
            ByteBuffer[] in = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(100)};
            List<Seen> seen = SocketRecording.of(() -> {
                assertEquals(7, pair.client().write(out, 1, 3));
                assertEquals(7, readWhenThere(pair.server(), in));
            });
            assertEquals(Seen.write(pair.client(), 7), seen.getFirst());
            assertEquals(Seen.read(pair.server(), 7), seen.getLast());
            List<Seen> before = seen.subList(1, seen.size() - 1);
            assertTrue(before.stream().allMatch(nothingFrom(pair.server())::equals), before::toString);
        }
    }

    private static Seen nothingFrom(SocketChannel channel) throws Exception {
        return Seen.read(channel, 0);
    }

    private static long readWhenThere(SocketChannel from, ByteBuffer[] in) throws Exception {
        long n = from.read(in);
        while (n == 0) {
            Thread.onSpinWait();
            n = from.read(in);
        }
        return n;
    }

    @Test
    void aReadInNonBlockingModeThatFindsNothingIsAnEventOfNoBytes() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            List<Seen> seen = SocketRecording.of(() -> {
                assertEquals(0, pair.server().read(ByteBuffer.allocate(1)));
                assertEquals(0, pair.server().read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                assertEquals(0, pair.client().write(ByteBuffer.allocate(0)));
            });
            assertEquals(
                    List.of(nothingFrom(pair.server()), nothingFrom(pair.server()), Seen.write(pair.client(), 0)),
                    seen);
        }
    }

    @Test
    void aFullConnectionTakesAsManyBytesAsItsEventsSay() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            long[] written = {0};
            List<Seen> seen = SocketRecording.of(() -> written[0] = Io.writeUntilFull(pair.client(), 100_000));
            assertEquals(written[0], seen.stream().mapToLong(Seen::bytes).sum());
            assertEquals(Seen.write(pair.client(), 0), seen.getLast());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfTheStreamIsMarked(boolean blocking) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().shutdownOutput();
            ByteBuffer[] in = {ByteBuffer.allocate(1)};
            assertEquals(-1, pair.server().read(in));
            pair.server().configureBlocking(blocking);
            List<Seen> seen = SocketRecording.of(() -> {
                assertEquals(-1, pair.server().read(in[0]));
                assertEquals(-1, pair.server().read(in));
            });
            assertEquals(List.of(Seen.end(pair.server()), Seen.end(pair.server())), seen);
        }
    }

    @Test
    void inputThatWasShutDownHereEndsTheStreamToo() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().shutdownInput();
            List<Seen> seen =
                    SocketRecording.of(() -> assertEquals(-1, pair.server().read(ByteBuffer.allocate(1))));
            assertEquals(List.of(Seen.end(pair.server())), seen);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void streamsOfTheSocketAreRecordedWithTheirTimeout(int timeout) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().socket().setSoTimeout(timeout);
            OutputStream out = pair.client().socket().getOutputStream();
            InputStream in = pair.server().socket().getInputStream();
            List<Seen> seen = SocketRecording.of(() -> {
                out.write('a');
                assertEquals('a', in.read());
                out.write("--bcd".getBytes(UTF_8), 2, 3);
                assertEquals(3, in.read(new byte[10], 4, 6));
                out.write(new byte[0]);
                assertEquals(0, in.read(new byte[0]));
                pair.client().shutdownOutput();
                assertEquals(-1, in.read());
            });
            assertEquals(
                    List.of(
                            Seen.write(pair.client(), 1),
                            Seen.read(pair.server(), 1, timeout, false),
                            Seen.write(pair.client(), 3),
                            Seen.read(pair.server(), 3, timeout, false),
                            Seen.write(pair.client(), 0),
                            Seen.read(pair.server(), 0, timeout, false),
                            Seen.read(pair.server(), 0, timeout, true)),
                    seen);
        }
    }

    @Test
    void whatFailsLeavesNoEvent() throws Exception {
        try (TcpPair pair = TcpPair.open();
                SocketChannel unconnected = SocketChannel.open()) {
            pair.server().socket().setSoTimeout(1);
            InputStream in = pair.server().socket().getInputStream();
            List<Seen> seen = SocketRecording.of(() -> {
                assertThrows(SocketTimeoutException.class, in::read);
                assertThrows(NotYetConnectedException.class, () -> unconnected.read(ByteBuffer.allocate(1)));
                assertThrows(NotYetConnectedException.class, () -> unconnected.write(ByteBuffer.allocate(1)));
                pair.server().close();
                assertThrows(ClosedChannelException.class, () -> pair.server().read(ByteBuffer.allocate(1)));
                assertThrows(ClosedChannelException.class, () -> pair.server().write(ByteBuffer.allocate(1)));
            });
            assertEquals(List.of(), seen);
        }
    }

    @Test
    void codeThatWasCompiledBeforeTheRecordingIsRecordedToo() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            exchange(pair, 20_000);
            List<Seen> seen = SocketRecording.of(() -> exchange(pair, 10));
            List<Seen> expected = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                expected.add(Seen.write(pair.client(), 1));
                expected.add(Seen.read(pair.server(), 1));
            }
            assertEquals(expected, seen);
        }
    }

    private static void exchange(TcpPair pair, int messages) throws Exception {
        ByteBuffer message = ByteBuffer.allocateDirect(1);
        for (int i = 0; i < messages; i++) {
            assertEquals(1, pair.client().write(message.clear()));
            assertEquals(1, pair.server().read(message.clear()));
        }
    }

    @Test
    void anEventHasItsCallersStack() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            List<RecordedEvent> events = SocketRecording.events(Duration.ZERO, () -> exchange(pair, 1));
            assertEquals(2, events.size());
            for (RecordedEvent event : events) {
                boolean found = event.getStackTrace().getFrames().stream()
                        .anyMatch(frame -> frame.getMethod().getName().equals("exchange"));
                assertTrue(found, event::toString);
            }
        }
    }

    @Test
    void theRecordersThresholdHolds() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            assertEquals(List.of(), SocketRecording.events(Duration.ofHours(1), () -> exchange(pair, 10)));
        }
    }

    @Test
    void aVirtualThreadsCallsAreRecorded() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<List<Seen>> seen =
                        Background.startVirtual(() -> SocketRecording.of(() -> exchange(pair, 2)))) {
            assertEquals(
                    List.of(
                            Seen.write(pair.client(), 1),
                            Seen.read(pair.server(), 1),
                            Seen.write(pair.client(), 1),
                            Seen.read(pair.server(), 1)),
                    seen.result());
        }
    }
}
