package io.ringway.bench.pairs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection that sends numbered messages of one size and waits for each to come back. Allocates nothing. */
final class Ping {
    private final SelectionKey key;
    private final SocketChannel channel;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private long sequence;
    private long sentNanos;
    private boolean outstanding;

    Ping(SelectionKey key, int size) {
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.out = ByteBuffer.allocateDirect(size);
        this.in = ByteBuffer.allocateDirect(size);
        key.attach(this);
    }

    /** Sends the next message. */
    void send(long nowNanos) throws IOException {
        sequence++;
        sendNumbered(nowNanos);
    }

    /** Sends message number 0, which a server may take as a question; only before the first {@link #send}. */
    void ask() throws IOException {
        sendNumbered(System.nanoTime());
    }

    private void sendNumbered(long nowNanos) throws IOException {
        out.clear().putLong(0, sequence);
        sentNanos = nowNanos;
        outstanding = true;
        write();
    }

    private void write() throws IOException {
        channel.write(out);
        boolean wanted = out.hasRemaining();
        if (wanted != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
            key.interestOps(wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** Goes on with what is ready; returns whether the answer is complete now. */
    boolean advance() throws IOException {
        if (out.hasRemaining()) {
            write();
        }
        int read = channel.read(in);
        if (read < 0) {
            throw new IOException("Server closed the connection");
        }
        if (in.hasRemaining()) {
            return false;
        }
        if (in.getLong(0) != sequence) {
            throw new IOException("Sent " + sequence + ", got " + in.getLong(0));
        }
        in.clear();
        outstanding = false;
        return true;
    }

    boolean outstanding() {
        return outstanding;
    }

    long sentNanos() {
        return sentNanos;
    }

    /** The second long of the latest answer. */
    long stamp() {
        return in.getLong(Long.BYTES);
    }
}
