package io.ringway.nic.fabric;

import java.util.Arrays;

/** Numbers that other threads leave for a queue's thread: rarely used, so that a lock will do; looking is cheap. */
final class Mailbox {
    private static final long[] NONE = new long[0];

    private long[] letters = new long[16];
    private int count;
    private volatile boolean some;

    boolean hasSome() {
        return some;
    }

    synchronized void put(long letter) {
        if (count == letters.length) {
            letters = Arrays.copyOf(letters, 2 * count);
        }
        letters[count++] = letter;
        some = true;
    }

    synchronized long[] take() {
        long[] taken = count == 0 ? NONE : Arrays.copyOf(letters, count);
        count = 0;
        some = false;
        return taken;
    }
}
