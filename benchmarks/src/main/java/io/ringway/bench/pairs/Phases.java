package io.ringway.bench.pairs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Warm-up, measured part, end: set by the main thread, read by the threads under load once per message. Reading costs
 * one load of a cache line that nobody writes meanwhile.
 */
final class Phases {
    static final int WARM_UP = 0;
    static final int MEASURE = 1;
    static final int STOP = 2;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int current = WARM_UP;
    private volatile long begunNanos;
    private volatile long stoppedNanos;

    int current() {
        return current;
    }

    /** When the measured part began, in {@link System#nanoTime()}. */
    long begunNanos() {
        return begunNanos;
    }

    void begin() {
        begunNanos = System.nanoTime();
        current = MEASURE;
    }

    void stop() {
        stoppedNanos = System.nanoTime();
        current = STOP;
    }

    double seconds() {
        return (stoppedNanos - begunNanos) / 1e9;
    }

    /** Waits for the end of the measured part: after {@code seconds}, or when the load has said that it is through. */
    void await(double seconds) throws InterruptedException {
        boolean early = finished.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        if (early) {
            Thread.yield();
        }
    }

    /** The load has nothing more to do. Any thread. */
    void finishEarly() {
        finished.countDown();
    }
}
