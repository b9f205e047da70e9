package io.ringway.nio;

import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the threads of this process that spin at the same time fewer than its processors. Any thread. */
final class Spinners {
    /** A spin this short needs no permission: it costs less than asking. */
    static final long FREE = 500;

    private final AtomicInteger spinning = new AtomicInteger();
    private final int most = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    /** Asks for permission; give it back with {@link #done}. */
    boolean begin() {
        if (spinning.getAndIncrement() < most) {
            return true;
        }
        spinning.getAndDecrement();
        return false;
    }

    void done() {
        spinning.getAndDecrement();
    }
}
