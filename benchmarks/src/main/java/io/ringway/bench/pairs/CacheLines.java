package io.ringway.bench.pairs;

import java.nio.ByteBuffer;

/** The least that a program does with a payload: it writes, or reads, a word of every cache line. */
final class CacheLines {
    private static final int LINE = 64;

    private CacheLines() {}

    /** Writes a number into every line of what remains. */
    static void write(ByteBuffer buffer, long number) {
        for (int i = buffer.position(); i <= buffer.limit() - Long.BYTES; i += LINE) {
            buffer.putLong(i, number);
        }
    }

    /** The sum of a word of every line of what remains. */
    static long sum(ByteBuffer buffer) {
        long sum = 0;
        for (int i = buffer.position(); i <= buffer.limit() - Long.BYTES; i += LINE) {
            sum += buffer.getLong(i);
        }
        return sum;
    }
}
