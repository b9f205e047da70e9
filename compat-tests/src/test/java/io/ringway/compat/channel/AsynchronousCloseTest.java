package io.ringway.compat.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.TcpPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Close and interrupt from another thread end every blocked call, of platform and of virtual threads. */
class AsynchronousCloseTest {
    /** A call that blocks, and the channel that it blocks on. */
    enum Blocked {
        READ("read"),
        SCATTERING_READ("read"),
        WRITE("write"),
        GATHERING_WRITE("write"),
        ACCEPT("accept"),
        CONNECT("connect");

        final String method;

        Blocked(String method) {
            this.method = method;
        }

        Callable<@Nullable Object> on(Fixture fixture) {
            ByteBuffer[] large = {ByteBuffer.allocate(10_000_000), ByteBuffer.allocateDirect(40_000_000)};
            return switch (this) {
                case READ -> () -> fixture.pair.client().read(ByteBuffer.allocate(10));
                case SCATTERING_READ -> () -> fixture.pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(10)});
                case WRITE ->
                    () -> {
                        while (true) {
                            fixture.pair.client().write(ByteBuffer.allocate(10_000_000));
                        }
                    };
                case GATHERING_WRITE ->
                    () -> {
                        while (true) {
                            fixture.pair.client().write(large);
                        }
                    };
                case ACCEPT -> fixture.listener::accept;
                case CONNECT -> () -> fixture.connecting.connect(fixture.full.address());
            };
        }

        Channel channel(Fixture fixture) {
            return switch (this) {
                case ACCEPT -> fixture.listener;
                case CONNECT -> fixture.connecting;
                default -> fixture.pair.client();
            };
        }
    }

    /** Channels to block on. */
    private static final class Fixture implements AutoCloseable {
        final TcpPair pair = TcpPair.open();
        final ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
        final SocketChannel connecting = SocketChannel.open();
        final FullListener full;

        Fixture(Blocked blocked) throws Exception {
            full = blocked == Blocked.CONNECT ? FullListener.open() : FullListener.unused();
        }

        @Override
        public void close() throws IOException {
            pair.close();
            listener.close();
            connecting.close();
            full.close();
        }
    }

    private static Background<@Nullable Object> start(Blocked blocked, Fixture fixture, boolean virtual)
            throws Exception {
        Callable<@Nullable Object> call = blocked.on(fixture);
        Background<@Nullable Object> background = virtual ? Background.startVirtual(call) : Background.start(call);
        background.awaitInside(blocked.method);
        return background;
    }

    @ParameterizedTest
    @CsvSource({
        "READ, false", "READ, true",
        "SCATTERING_READ, false", "SCATTERING_READ, true",
        "WRITE, false", "WRITE, true",
        "GATHERING_WRITE, false", "GATHERING_WRITE, true",
        "ACCEPT, false", "ACCEPT, true",
        "CONNECT, false", "CONNECT, true",
    })
    void closingTheChannelEndsTheCall(Blocked blocked, boolean virtual) throws Exception {
        try (Fixture fixture = new Fixture(blocked);
                Background<@Nullable Object> call = start(blocked, fixture, virtual)) {
            blocked.channel(fixture).close();
            ClosedChannelException e = call.failure(ClosedChannelException.class);
            if (blocked.method.equals("write")) {
                // A write that had transferred a part returns it, so that it is the next one that fails.
                assertFalse(e instanceof ClosedByInterruptException);
            } else {
                assertEquals(AsynchronousCloseException.class, e.getClass());
            }
            assertFalse(blocked.channel(fixture).isOpen());
            assertFalse(call.thread().isInterrupted());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "READ, false", "READ, true",
        "SCATTERING_READ, false", "SCATTERING_READ, true",
        "WRITE, false", "WRITE, true",
        "GATHERING_WRITE, false", "GATHERING_WRITE, true",
        "ACCEPT, false", "ACCEPT, true",
        "CONNECT, false", "CONNECT, true",
    })
    void interruptingTheThreadEndsTheCallAndClosesTheChannel(Blocked blocked, boolean virtual) throws Exception {
        try (Fixture fixture = new Fixture(blocked);
                Background<@Nullable Object> call = start(blocked, fixture, virtual)) {
            call.thread().interrupt();
            call.failure(ClosedByInterruptException.class);
            assertFalse(blocked.channel(fixture).isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadInterruptedBeforeTheCallClosesTheChannel(Blocked blocked) throws Exception {
        try (Fixture fixture = new Fixture(blocked)) {
            Callable<@Nullable Object> call = blocked.on(fixture);
            boolean[] interrupted = {false};
            try (Background<@Nullable Object> background = Background.start(() -> {
                Thread.currentThread().interrupt();
                try {
                    return call.call();
                } finally {
                    interrupted[0] = Thread.interrupted();
                }
            })) {
                background.failure(ClosedByInterruptException.class);
                assertTrue(interrupted[0], "the interrupt status stays set");
                assertFalse(blocked.channel(fixture).isOpen());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "WRITE"})
    void thePeerOfAnInterruptedCallSeesTheConnectionEnd(Blocked blocked) throws Exception {
        try (Fixture fixture = new Fixture(blocked);
                Background<@Nullable Object> call = start(blocked, fixture, false)) {
            call.thread().interrupt();
            call.failure(ClosedByInterruptException.class);
            Io.countToEnd(fixture.pair.server());
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aReaderAndAWriterBlockedOnOneChannelBothEnd(boolean virtual) throws Exception {
        try (Fixture fixture = new Fixture(Blocked.READ);
                Background<@Nullable Object> reader = start(Blocked.READ, fixture, virtual);
                Background<@Nullable Object> writer = start(Blocked.WRITE, fixture, virtual)) {
            fixture.pair.client().close();
            reader.failure(AsynchronousCloseException.class);
            writer.failure(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aSecondReaderWaitsForTheFirstAndBothEndOnClose(boolean virtual) throws Exception {
        try (Fixture fixture = new Fixture(Blocked.READ);
                Background<@Nullable Object> first = start(Blocked.READ, fixture, virtual);
                Background<@Nullable Object> second = start(Blocked.READ, fixture, virtual)) {
            fixture.pair.client().close();
            first.failure(ClosedChannelException.class);
            second.failure(ClosedChannelException.class);
        }
    }

    @Test
    void closingDuringABlockingWriteReturnsThePartThatWasWritten() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<Integer> writer =
                        Background.start(() -> pair.client().write(ByteBuffer.allocateDirect(50_000_000)))) {
            writer.awaitInside("write");
            pair.client().close();
            int written = writer.result();
            assertTrue(written > 0 && written < 50_000_000, () -> written + " bytes");
            assertEquals(written, Io.countToEnd(pair.server()));
        }
    }

    @Test
    void anInterruptedThreadIsUndisturbedInNonBlockingCalls() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false);
                ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
                SocketChannel connecting = SocketChannel.open();
                Background<Boolean> calls = Background.start(() -> {
                    listener.configureBlocking(false);
                    connecting.configureBlocking(false);
                    Thread.currentThread().interrupt();
                    assertEquals(0, pair.client().read(ByteBuffer.allocate(1)));
                    assertEquals(0, pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                    assertEquals(1, pair.client().write(ByteBuffer.allocate(1)));
                    assertNull(listener.accept());
                    connecting.connect(listener.getLocalAddress());
                    return Thread.interrupted();
                })) {
            assertTrue(calls.result());
            assertTrue(pair.client().isOpen());
            assertTrue(listener.isOpen());
            assertTrue(connecting.isOpen());
        }
    }
}
