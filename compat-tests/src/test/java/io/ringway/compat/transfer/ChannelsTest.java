package io.ringway.compat.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.UnsupportedCharsetException;
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

    @Test
    void nothingOverANonBlockingChannelTransfersOrWritesCharacters() throws Exception {
        try (TcpPair pair = TcpPair.open();
                TcpPair other = TcpPair.open()) {
            Io.write(pair.client(), "some");
            OutputStream toNonBlocking =
                    Channels.newOutputStream((SocketChannel) other.client().configureBlocking(false));
            InputStream in = Channels.newInputStream(pair.server());
            assertThrows(IllegalBlockingModeException.class, () -> in.transferTo(toNonBlocking));
            pair.server().configureBlocking(false);
            assertThrows(IllegalBlockingModeException.class, () -> in.transferTo(OutputStream.nullOutputStream()));
            Writer writer = Channels.newWriter(pair.server(), UTF_8);
            writer.write("x");
            assertThrows(IllegalBlockingModeException.class, writer::flush);
        }
    }

    @Test
    void streamsAndReadersNeitherMarkNorReset() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            InputStream in = Channels.newInputStream(pair.server());
            assertFalse(in.markSupported());
            assertThrows(IOException.class, in::reset);
            Reader reader = Channels.newReader(pair.server(), UTF_8);
            assertFalse(reader.markSupported());
            assertThrows(IOException.class, () -> reader.mark(1));
        }
    }

    @Test
    void aReadersBufferHoldsWhatItHasReadAhead() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Reader reader = Channels.newReader(pair.server(), UTF_8.newDecoder(), 100);
            Io.write(pair.client(), "ahead");
            assertEquals('a', reader.read());
            pair.server().configureBlocking(false);
            assertEquals(0, pair.server().read(ByteBuffer.allocate(10)), "all of it is in the reader");
            assertEquals('h', reader.read());
        }
    }

    @Test
    void charsetsAreChosenByName() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Writer writer = Channels.newWriter(pair.client(), "ISO-8859-1");
            writer.write("\u00fc");
            writer.flush();
            assertEquals(
                    '\u00fc', Channels.newReader(pair.server(), "ISO-8859-1").read());
            assertThrows(UnsupportedCharsetException.class, () -> Channels.newReader(pair.server(), "none-such"));
            assertThrows(UnsupportedCharsetException.class, () -> Channels.newWriter(pair.client(), "none-such"));
        }
    }

    @Test
    void malformedInputIsReported() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), ByteBuffer.wrap(new byte[] {(byte) 0xff, 'x'}));
            Reader reader = Channels.newReader(pair.server(), UTF_8);
            assertThrows(MalformedInputException.class, reader::read);
        }
    }

    @Test
    void closingAReaderOrWriterClosesItsChannel() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Writer writer = Channels.newWriter(pair.client(), UTF_8);
            writer.write("last");
            writer.close();
            assertFalse(pair.client().isOpen());
            Reader reader = Channels.newReader(pair.server(), UTF_8);
            assertEquals('l', reader.read());
            reader.close();
            assertFalse(pair.server().isOpen());
        }
    }

    @Test
    void aChannelOverAnAdaptorsStreamClosesTheStreamAndItsChannel() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            WritableByteChannel out = Channels.newChannel(pair.client().socket().getOutputStream());
            ReadableByteChannel in = Channels.newChannel(pair.server().socket().getInputStream());
            Io.write(out, "through");
            assertEquals("through", Io.read(in, 7));
            out.close();
            assertEquals(-1, in.read(ByteBuffer.allocate(1)));
            in.close();
            assertFalse(pair.client().isOpen());
            assertFalse(pair.server().isOpen());
        }
    }

    @Test
    void twoThreadsWriteThroughOneStream() throws Exception {
        int each = 1000;
        try (TcpPair pair = TcpPair.open()) {
            OutputStream out = Channels.newOutputStream(pair.client());
            try (Background<@Nullable Void> one = Background.run(() -> writeLines(out, 'a', each));
                    Background<@Nullable Void> two = Background.run(() -> writeLines(out, 'b', each))) {
                for (int i = 0; i < 2 * each; i++) {
                    String line = Io.read(pair.server(), 4);
                    assertTrue(line.equals("aaa\n") || line.equals("bbb\n"), line);
                }
                one.result();
                two.result();
            }
        }
    }

    private static void writeLines(OutputStream out, char letter, int count) throws IOException {
        byte[] line = {(byte) letter, (byte) letter, (byte) letter, '\n'};
        for (int i = 0; i < count; i++) {
            out.write(line);
        }
    }
}
