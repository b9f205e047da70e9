package io.ringway.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One connection to a server that echoes: messages of all sizes, each checked to the last byte before the next goes out. */
final class Conversation {
    /** What makes a server echo the rest. */
    static final byte ECHO = 'E';

    private static final int LARGEST = 40_000;
    private static final int SMALL = 150;
    private static final byte[] PATTERN = new byte[1 << 17];

    static {
        new Random(99).nextBytes(PATTERN);
    }

    final int port;
    private final SocketChannel channel;
    private final Random random;
    private final ByteBuffer out = ByteBuffer.allocateDirect(LARGEST);
    private final ByteBuffer in = ByteBuffer.allocateDirect(LARGEST);

    /** Messages that came back whole. */
    volatile long rounds;

    /** Why it ended, if it did. */
    volatile @Nullable String failure;

    /** Its end is expected. */
    volatile boolean excused;

    Conversation(int port, long seed) throws IOException {
        this.port = port;
        random = new Random(seed);
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(new byte[] {ECHO}));
        next();
    }

    /** {@code length} bytes that stand at a place of an endless stream, the same for everybody. */
    static void fill(ByteBuffer target, long position) {
        while (target.hasRemaining()) {
            int at = (int) (position % PATTERN.length);
            int n = Math.min(target.remaining(), PATTERN.length - at);
            target.put(PATTERN, at, n);
            position += n;
        }
    }

    private void next() {
        out.clear().limit(1 + random.nextInt(random.nextInt(3) == 0 ? LARGEST : SMALL));
        fill(out, random.nextInt(PATTERN.length));
        out.flip();
        in.clear().limit(out.limit());
    }

    /** Exchanges messages until it fails; for a thread of its own. */
    void run() {
        try {
            while (true) {
                step();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** As much as goes without waiting. */
    void advance(SelectionKey key) {
        try {
            for (int i = 0; i < 4 && step(); i++) {}
            key.interestOps(SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0));
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        failure = "with " + port + " after " + rounds + " rounds: " + e;
        close();
    }

    /** Whether bytes were exchanged. */
    private boolean step() throws IOException {
        int n = out.hasRemaining() ? channel.write(out) : 0;
        int read = channel.read(in);
        if (read < 0) {
            throw new IOException("end of the stream");
        }
        if (!in.hasRemaining()) {
            if (!in.flip().equals(out.duplicate().rewind())) {
                throw new IOException("wrong bytes");
            }
            rounds++;
            next();
        }
        return n + read > 0;
    }

    SocketChannel channel() {
        return channel;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            failure = e.toString();
        }
    }
}
