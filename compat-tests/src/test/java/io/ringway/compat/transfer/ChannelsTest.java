package io.ringway.compat.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bridges of {@code java.nio.channels.Channels}, and buffers over memory segments. */
class ChannelsTest {
    @Test
    void streamsOverChannelsCarryMegabytes() throws Exception {
        int total = 5_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(() -> {
                    OutputStream out = Channels.newOutputStream(pair.client());
                    out.write(new SeededBytes(1).next(total).array());
                    pair.client().shutdownOutput();
                })) {
            byte[] all = Channels.newInputStream(pair.server()).readAllBytes();
            assertEquals(total, all.length);
            new SeededBytes(1).check(ByteBuffer.wrap(all));
            writer.result();
        }
    }

    @Test
    void streamsCanTransferFromChannelToChannel() throws Exception {
        try (TcpPair in = TcpPair.open();
                TcpPair out = TcpPair.open();
                Background<Long> relay = Background.start(() -> {
                    long n = Channels.newInputStream(in.server()).transferTo(Channels.newOutputStream(out.client()));
                    out.client().shutdownOutput();
                    return n;
                })) {
            Io.write(in.client(), new SeededBytes(2).next(2_000_000));
            in.client().shutdownOutput();
            byte[] all = Io.readToEnd(out.server());
            assertEquals(2_000_000, all.length);
            new SeededBytes(2).check(ByteBuffer.wrap(all));
            assertEquals(2_000_000, relay.result());
        }
    }

    @Test
    void aStreamOverANonBlockingChannelRefusesToReadAndWrite() throws Exception {
        try (TcpPair pair = TcpPair.open().configureBlocking(false)) {
            InputStream in = Channels.newInputStream(pair.server());
            OutputStream out = Channels.newOutputStream(pair.client());
            assertThrows(IllegalBlockingModeException.class, () -> in.read(new byte[1]));
            assertThrows(IllegalBlockingModeException.class, () -> out.write(1));
        }
    }

    @Test
    void closingAStreamClosesItsChannel() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Channels.newInputStream(pair.server()).close();
            Channels.newOutputStream(pair.client()).close();
            assertFalse(pair.server().isOpen());
            assertFalse(pair.client().isOpen());
        }
    }

    @Test
    void readersAndWritersOverChannelsExchangeLines() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            PrintWriter writer = new PrintWriter(Channels.newWriter(pair.client(), UTF_8), true);
            BufferedReader reader = new BufferedReader(Channels.newReader(pair.server(), UTF_8));
            writer.println("Grüße");
            assertEquals("Grüße", reader.readLine());
            pair.client().shutdownOutput();
            assertNull(reader.readLine());
        }
    }

    @Test
    void anAdaptorsStreamBecomesAChannelAgain() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ReadableByteChannel channel =
                    Channels.newChannel(pair.server().socket().getInputStream());
            Io.write(pair.client(), "round trip");
            assertEquals("round trip", Io.read(channel, 10));
        }
    }

    @Test
    void buffersOverMemorySegmentsAreWrittenAndReadInto() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            ByteBuffer out = confined.allocate(100_000).asByteBuffer();
            new SeededBytes(3).fill(out);
            Io.write(pair.client(), out.flip());
            ByteBuffer in = shared.allocate(100_000).asByteBuffer();
            Io.fill(pair.server(), in);
            new SeededBytes(3).check(in.flip());
        }
    }

    @Test
    void aBufferWhoseArenaIsClosedIsRefused() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            ByteBuffer dead;
            try (Arena arena = Arena.ofShared()) {
                dead = arena.allocate(100).asByteBuffer();
            }
            assertThrows(IllegalStateException.class, () -> pair.client().write(dead));
            Io.write(pair.client(), "x");
            assertThrows(IllegalStateException.class, () -> pair.server().read(dead));
            assertEquals("x", Io.read(pair.server(), 1));
        }
    }

    @Test
    void aStreamsReadFailsAfterItsChannelClosed() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            InputStream in = Channels.newInputStream(pair.server());
            pair.server().close();
            assertThrows(IOException.class, in::read);
        }
    }
}
