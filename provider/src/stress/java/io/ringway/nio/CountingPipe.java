package io.ringway.nio;

import java.nio.ByteBuffer;

/** The bytes of a pipe that count up, so that the reader knows what must come. */
final class CountingPipe {
    private final PipeBuffer buffer = new PipeBuffer();

    // The writing thread.
    private final ByteBuffer out = ByteBuffer.allocate(64);
    private byte next;

    // The reading thread.
    private final ByteBuffer in = ByteBuffer.allocate(64);
    private byte expected;
    private boolean wrong;

    void write(int bytes) {
        out.clear();
        for (int i = 0; i < bytes; i++) {
            out.put(next++);
        }
        buffer.write(out.flip());
    }

    /** How many bytes were there. */
    int read(int most) {
        int n = buffer.read(in.clear().limit(most));
        for (int i = 0; i < n; i++) {
            wrong |= in.get(i) != expected++;
        }
        return n;
    }

    /** Whether any byte was not what had been written. */
    boolean isWrong() {
        return wrong;
    }
}
