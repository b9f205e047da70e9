package io.ringway.compat.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Background;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TcpPair;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams of a channel's socket adaptor. */
class StreamTest {
    @Test
    void linesOfTextGoBothWays() throws Exception {
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> server = Background.run(() -> {
                    Socket socket = pair.server().socket();
                    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                    PrintWriter out = new PrintWriter(socket.getOutputStream(), true, UTF_8);
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        out.println("echo " + line);
                    }
                    socket.shutdownOutput();
                })) {
            Socket socket = pair.client().socket();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true, UTF_8);
            for (int i = 0; i < 100; i++) {
                out.println("line " + i);
                assertEquals("echo line " + i, in.readLine());
            }
            socket.shutdownOutput();
            assertNull(in.readLine());
            server.result();
        }
    }

    @Test
    void streamsAndChannelMix() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            OutputStream out = pair.client().socket().getOutputStream();
            InputStream in = pair.server().socket().getInputStream();
            out.write("ab".getBytes(UTF_8));
            Io.write(pair.client(), "cd");
            assertEquals('a', in.read());
            assertEquals("bc", Io.read(pair.server(), 2));
            assertEquals('d', in.read());
        }
    }

    @Test
    void singleBytesKeepTheirValue() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            OutputStream out = pair.client().socket().getOutputStream();
            InputStream in = pair.server().socket().getInputStream();
            for (int i = 0; i < 256; i++) {
                out.write(i);
                assertEquals(i, in.read());
            }
        }
    }

    @Test
    void arraysWithOffsetsAreRespected() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            OutputStream out = pair.client().socket().getOutputStream();
            InputStream in = pair.server().socket().getInputStream();
            out.write("0123456789".getBytes(UTF_8), 3, 4);
            byte[] target = new byte[10];
            assertEquals(4, in.readNBytes(target, 2, 4));
            assertEquals("3456", new String(target, 2, 4, UTF_8));
            assertEquals(0, in.read(target, 0, 0));
            out.write(target, 0, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> in.read(target, 5, 6));
            assertThrows(IndexOutOfBoundsException.class, () -> out.write(target, -1, 2));
            assertThrows(NullPointerException.class, () -> in.read(none(), 0, 1));
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static byte[] none() {
        return null;
    }

    @Test
    void megabytesThroughStreamsArriveUnchanged() throws Exception {
        int total = 6_000_000;
        try (TcpPair pair = TcpPair.open();
                Background<@Nullable Void> writer = Background.run(() -> {
                    pair.client()
                            .socket()
                            .getOutputStream()
                            .write(new SeededBytes(1).next(total).array());
                    pair.client().socket().shutdownOutput();
                })) {
            byte[] all = pair.server().socket().getInputStream().readAllBytes();
            assertEquals(total, all.length);
            new SeededBytes(1).check(ByteBuffer.wrap(all));
            writer.result();
        }
    }

    @Test
    void theEndOfTheStreamIsMinusOneAgainAndAgain() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().close();
            InputStream in = pair.server().socket().getInputStream();
            for (int i = 0; i < 3; i++) {
                assertEquals(-1, in.read());
                assertEquals(-1, in.read(new byte[10]));
            }
            assertEquals(0, in.available());
        }
    }

    @Test
    void availableTellsWhatCanBeReadWithoutBlocking() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            InputStream in = pair.server().socket().getInputStream();
            assertEquals(0, in.available());
            Io.write(pair.client(), "12345");
            Await.until("five bytes are available", () -> in.available() == 5);
            in.read();
            assertEquals(4, in.available());
            assertEquals(4, in.readNBytes(4).length);
            assertEquals(0, in.available());
            Io.write(pair.client(), new SeededBytes(2).next(50_000));
            Await.until("50,000 bytes are available", () -> in.available() == 50_000);
        }
    }

    @Test
    void skipAndTransferWork() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Io.write(pair.client(), "skip me then copy");
            pair.client().shutdownOutput();
            InputStream in = pair.server().socket().getInputStream();
            in.skipNBytes(13);
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            assertEquals(4, in.transferTo(copy));
            assertEquals("copy", copy.toString(UTF_8));
        }
    }

    @Test
    void aReadTimesOutAndTheConnectionWorksOn() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            Socket socket = pair.server().socket();
            socket.setSoTimeout(50);
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                assertThrows(SocketTimeoutException.class, in::read);
                assertThrows(SocketTimeoutException.class, () -> in.read(new byte[10]));
            }
            assertTrue(pair.server().isOpen());
            Io.write(pair.client(), "x");
            assertEquals('x', in.read());
            socket.setSoTimeout(10_000);
            Io.write(pair.client(), "y");
            assertEquals('y', in.read());
        }
    }

    @Test
    void theTimeoutDoesNotApplyToTheChannelsOwnRead() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.server().socket().setSoTimeout(1);
            try (Background<String> reader = Background.start(() -> Io.read(pair.server(), 1))) {
                reader.awaitInside("read");
                Io.write(pair.client(), "z");
                assertEquals("z", reader.result());
            }
        }
    }

    @Test
    void streamsOfANonBlockingChannelRefuseToWork() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            InputStream in = pair.client().socket().getInputStream();
            OutputStream out = pair.client().socket().getOutputStream();
            pair.client().configureBlocking(false);
            assertThrows(IllegalBlockingModeException.class, in::read);
            assertThrows(IllegalBlockingModeException.class, () -> out.write(1));
            assertNotNull(pair.client().socket().getInputStream());
            pair.client().socket().setSoTimeout(10);
            assertThrows(IllegalBlockingModeException.class, in::read);
            pair.client().configureBlocking(true);
            out.write('a');
            assertEquals("a", Io.read(pair.server(), 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void closingTheSocketEndsABlockedStreamRead(int timeout) throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().socket().setSoTimeout(timeout);
            InputStream in = pair.client().socket().getInputStream();
            try (Background<Integer> reader = Background.start(in::read)) {
                reader.awaitInside("read");
                pair.client().socket().close();
                reader.failure(IOException.class);
            }
            assertThrows(IOException.class, in::read);
        }
    }

    @Test
    void aStreamsReadAfterAResetFails() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client().close();
            InputStream in = pair.server().socket().getInputStream();
            SocketException e = assertThrows(SocketException.class, in::read);
            assertEquals("Connection reset", e.getMessage());
        }
    }

    @Test
    void closingAStreamClosesTheSocketAndItsChannel() throws Exception {
        try (TcpPair pair = TcpPair.open()) {
            pair.client().socket().getInputStream().close();
            assertFalse(pair.client().isOpen());
            assertTrue(pair.client().socket().isClosed());
            OutputStream out = pair.server().socket().getOutputStream();
            out.close();
            assertFalse(pair.server().isOpen());
            assertThrows(ClosedChannelException.class, () -> out.write(1));
        }
    }
}
