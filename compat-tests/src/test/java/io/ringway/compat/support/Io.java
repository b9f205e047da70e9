package io.ringway.compat.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/** Reading and writing in full, over channels in either mode. */
public final class Io {
    private static final int CHUNK = 64 * 1024;

    private Io() {}

    public static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    public static void write(WritableByteChannel to, String text) throws Exception {
        write(to, bytes(text));
    }

    /** Writes all that remains. */
    public static void write(WritableByteChannel to, ByteBuffer from) throws Exception {
        while (from.hasRemaining()) {
            if (to.write(from) == 0) {
                Await.pause();
            }
        }
    }

    /** Fills what remains of the buffer; an end of stream before is an EOFException. */
    public static void fill(ReadableByteChannel from, ByteBuffer to) throws Exception {
        long end = System.nanoTime() + Await.DEADLINE.toNanos();
        while (to.hasRemaining()) {
            int n = from.read(to);
            if (n < 0) {
                throw new EOFException(to.remaining() + " bytes missing");
            }
            if (n == 0) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("no data: " + to.remaining() + " bytes missing");
                }
                Await.pause();
            }
        }
    }

    /** Reads that many bytes of text. */
    public static String read(ReadableByteChannel from, int length) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        fill(from, buffer);
        return new String(buffer.array(), UTF_8);
    }

    /** Reads one chunk, waiting for it whatever the mode; -1 at the end of the stream. */
    public static int readSome(ReadableByteChannel from, ByteBuffer to) throws Exception {
        int[] n = {0};
        Await.until("bytes or the end of the stream", () -> {
            n[0] = from.read(to);
            return n[0] != 0;
        });
        return n[0];
    }

    /** Reads until the end of the stream. */
    public static byte[] readToEnd(ReadableByteChannel from) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (readSome(from, buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    /** Reads and counts until the end of the stream. */
    public static long countToEnd(ReadableByteChannel from) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long count = 0;
        for (int n = readSome(from, buffer); n >= 0; n = readSome(from, buffer.clear())) {
            count += n;
        }
        return count;
    }

    /**
     * Reads, dropping all data, until the read fails, and returns that failure; an end of stream, or nothing at all by
     * the deadline, fails the test.
     */
    public static IOException readUntilFailure(ReadableByteChannel from) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        try {
            for (int n = readSome(from, buffer); n >= 0; n = readSome(from, buffer.clear())) {
                // The data isn't of interest here.
            }
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("end of stream where a failure was expected");
    }

    /**
     * Writes to a non-blocking channel until it takes nothing more, and returns how much it took. Looks for a tenth of a
     * second: on a busy machine a channel may be without room for as long as somebody is kept from his processor.
     */
    public static long writeUntilFull(SocketChannel to, int size) throws IOException, InterruptedException {
        assertEquals(false, to.isBlocking(), "needs non-blocking mode");
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        long total = 0;
        for (int refusals = 0; refusals < 200; ) {
            int n = to.write(buffer.clear());
            total += n;
            if (n == 0) {
                refusals++;
                Await.pause();
            } else {
                refusals = 0;
            }
        }
        return total;
    }

    /** One byte there and back, so that both ends know the connection works. */
    public static void pingPong(TcpPair pair) throws Exception {
        write(pair.client(), "?");
        assertEquals("?", read(pair.server(), 1));
        write(pair.server(), "!");
        assertEquals("!", read(pair.client(), 1));
    }
}
