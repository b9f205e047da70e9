package io.ringway.bench.pairs;

import java.util.function.LongSupplier;

/** Ends a pair program that makes no progress any more, so that none is ever left behind. */
final class Watchdog {
    private static final int EXIT_CODE = 3;

    private Watchdog() {}

    /**
     * Starts watching.
     *
     * @param progress a number that changes while the program works; read once per second
     * @param idleSeconds how long it may stay the same
     * @param lifeSeconds how long the program may live in all
     */
    static void start(LongSupplier progress, int idleSeconds, int lifeSeconds) {
        Thread.ofPlatform().daemon().name("watchdog").start(() -> watch(progress, idleSeconds, lifeSeconds));
    }

    private static void watch(LongSupplier progress, int idleSeconds, int lifeSeconds) {
        long last = progress.getAsLong();
        int idle = 0;
        for (int life = 0; idle < idleSeconds && life < lifeSeconds; life++) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                return;
            }
            long now = progress.getAsLong();
            idle = now == last ? idle + 1 : 0;
            last = now;
        }
        System.err.println("Ended by the watchdog: no progress for " + idle + " s");
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
