package io.ringway.compat.other;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagram channels in blocking mode: calls that wait, are closed and are interrupted. */
class DatagramBlockingTest {
    private DatagramChannel channel;
    private DatagramChannel peer;

    @BeforeEach
    void open() throws IOException {
        channel = DatagramChannel.open().bind(Loopback.anyPort());
        peer = DatagramChannel.open().bind(Loopback.anyPort());
        channel.connect(peer.getLocalAddress());
        peer.connect(channel.getLocalAddress());
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        peer.close();
    }

    /** A call that waits for a datagram. */
    enum Wait {
        RECEIVE {
            @Override
            Callable<@Nullable Object> on(DatagramChannel channel) {
                return () -> channel.receive(ByteBuffer.allocate(1));
            }
        },
        READ {
            @Override
            Callable<@Nullable Object> on(DatagramChannel channel) {
                return () -> channel.read(ByteBuffer.allocate(1));
            }
        },
        SCATTERING_READ {
            @Override
            Callable<@Nullable Object> on(DatagramChannel channel) {
                return () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)});
            }
        };

        abstract Callable<@Nullable Object> on(DatagramChannel channel);

        Background<@Nullable Object> start(DatagramChannel channel, boolean virtual) throws Exception {
            Background<@Nullable Object> call =
                    virtual ? Background.startVirtual(on(channel)) : Background.start(on(channel));
            call.awaitInside(this == RECEIVE ? "receive" : "read");
            return call;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIVE, false", "READ, false", "SCATTERING_READ, false",
        "RECEIVE, true", "READ, true", "SCATTERING_READ, true"
    })
    void closeAndInterruptEndTheWait(Wait wait, boolean virtual) throws Exception {
        try (Background<@Nullable Object> call = wait.start(channel, virtual)) {
            channel.close();
            assertEquals(
                    AsynchronousCloseException.class,
                    call.failure(AsynchronousCloseException.class).getClass());
        }
        try (Background<@Nullable Object> call = wait.start(peer, virtual)) {
            call.thread().interrupt();
            call.failure(ClosedByInterruptException.class);
            assertFalse(peer.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadClosesTheChannelAndStaysInterrupted(Wait wait) throws Exception {
        try (Background<Boolean> call = Background.start(() -> {
            Thread.currentThread().interrupt();
            try {
                wait.on(channel).call();
            } catch (ClosedByInterruptException e) {
                return Thread.interrupted();
            }
            return false;
        })) {
            assertTrue(call.result());
            assertFalse(channel.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramEndsTheWait(Wait wait) throws Exception {
        try (Background<@Nullable Object> call = wait.start(channel, false)) {
            peer.write(Io.bytes("x"));
            Object result = call.result();
            assertEquals(
                    wait == Wait.RECEIVE ? peer.getLocalAddress() : "1", wait == Wait.RECEIVE ? result : "" + result);
        }
    }

    @Test
    void aSecondReaderWaitsForTheFirst() throws Exception {
        try (Background<@Nullable Object> first = Wait.READ.start(channel, false);
                Background<@Nullable Object> second = Wait.READ.start(channel, false)) {
            peer.write(Io.bytes("x"));
            peer.write(Io.bytes("y"));
            assertEquals(1, first.result());
            assertEquals(1, second.result());
        }
    }

    @Test
    void aReaderDoesNotHoldUpWriters() throws Exception {
        try (Background<@Nullable Object> read = Wait.READ.start(channel, false)) {
            assertEquals(1, Background.start(() -> channel.write(Io.bytes("x"))).result());
            assertEquals(1, peer.read(ByteBuffer.allocate(1)));
            peer.write(Io.bytes("y"));
            assertEquals(1, read.result());
        }
    }

    @Test
    void disconnectConnectAndChangesOfModeWaitForTheReader() throws Exception {
        try (Background<@Nullable Object> read = Wait.READ.start(channel, false);
                Background<DatagramChannel> disconnect = Background.start(channel::disconnect)) {
            disconnect.awaitInside("disconnect");
            assertTrue(channel.isConnected());
            peer.write(Io.bytes("x"));
            assertEquals(1, read.result());
            disconnect.result();
            assertFalse(channel.isConnected());
        }
        SocketAddress at = peer.getLocalAddress();
        try (Background<@Nullable Object> receive = Wait.RECEIVE.start(channel, false);
                Background<DatagramChannel> connect = Background.start(() -> channel.connect(at))) {
            connect.awaitInside("connect");
            peer.write(Io.bytes("x"));
            assertEquals(at, receive.result());
            connect.result();
            assertTrue(channel.isConnected());
        }
        try (Background<@Nullable Object> read = Wait.READ.start(channel, false);
                Background<SelectableChannel> mode = Background.start(() -> channel.configureBlocking(false))) {
            mode.awaitInside("configureBlocking");
            peer.write(Io.bytes("x"));
            assertEquals(1, read.result());
            mode.result();
            assertFalse(channel.isBlocking());
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void closeAndInterruptEndAReceiveOfTheAdaptor(boolean virtual) throws Exception {
        try (Background<@Nullable Object> call = adaptorReceive(channel, virtual)) {
            channel.socket().close();
            assertEquals("Socket closed", call.failure(SocketException.class).getMessage());
            assertFalse(channel.isOpen());
        }
        try (Background<@Nullable Object> call = adaptorReceive(peer, virtual)) {
            call.thread().interrupt();
            call.failure(ClosedByInterruptException.class);
            assertTrue(peer.socket().isClosed());
        }
    }

    private static Background<@Nullable Object> adaptorReceive(DatagramChannel of, boolean virtual) throws Exception {
        Callable<@Nullable Object> receive = () -> {
            of.socket().receive(new DatagramPacket(new byte[1], 1));
            return null;
        };
        Background<@Nullable Object> call = virtual ? Background.startVirtual(receive) : Background.start(receive);
        call.awaitInside("receive");
        return call;
    }
}
