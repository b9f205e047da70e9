package io.ringway.compat.support;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An endless sequence of bytes determined by a seed: what one end writes the other can check, without keeping it. */
public final class SeededBytes {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private long position;

    public SeededBytes(long seed) {
        this.seed = seed;
    }

    /** How many bytes were produced or checked. */
    public long position() {
        return position;
    }

    /** Puts the next bytes into all that remains of the buffer. */
    public void fill(ByteBuffer to) {
        ByteBuffer buffer = to.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if ((position & 7) == 0 && buffer.remaining() >= Long.BYTES) {
                buffer.putLong(word(position >>> 3));
                position += Long.BYTES;
            } else {
                buffer.put(byteAt(position++));
            }
        }
        to.position(to.limit());
    }

    /** A buffer with the next bytes. */
    public ByteBuffer next(int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        fill(buffer);
        return buffer.flip();
    }

    /** Checks that what remains of the buffer are the next bytes, and consumes it. */
    public void check(ByteBuffer from) {
        ByteBuffer buffer = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if ((position & 7) == 0 && buffer.remaining() >= Long.BYTES) {
                check(word(position >>> 3), buffer.getLong());
                position += Long.BYTES;
            } else {
                check(byteAt(position), buffer.get());
                position++;
            }
        }
        from.position(from.limit());
    }

    private void check(long expected, long actual) {
        if (expected != actual) {
            throw new AssertionError(
                    "byte %d of seed %d: expected %x, was %x".formatted(position, seed, expected, actual));
        }
    }

    private byte byteAt(long index) {
        return (byte) (word(index >>> 3) >>> (8 * (index & 7)));
    }

    private long word(long index) {
        long z = seed + (index + 1) * GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
