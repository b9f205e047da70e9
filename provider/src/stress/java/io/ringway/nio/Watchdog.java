package io.ringway.nio;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Interrupts a thread in a wait that nobody ends: such a wait fails the test instead of stopping it. */
final class Watchdog {
    /** What {@link #guard} returns for a wait that had to be ended. */
    static final int HUNG = -9;

    /** Longer than anything that others do before they end a wait. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final Queue<Wait> WAITS = new ConcurrentLinkedQueue<>();
    private static final ThreadLocal<Wait> OWN = ThreadLocal.withInitial(Watchdog::known);

    /** The waits of one thread. */
    private static final class Wait {
        final Thread thread = Thread.currentThread();
        /** When the present one has begun, or 0. */
        volatile long since;
    }

    static {
        Thread.ofPlatform().daemon().name("watchdog").start(Watchdog::watch);
    }

    private Watchdog() {}

    private static Wait known() {
        Wait wait = new Wait();
        WAITS.add(wait);
        return wait;
    }

    private static void watch() {
        while (true) {
            try {
                Thread.sleep(TimeUnit.NANOSECONDS.toMillis(PATIENCE) / 10);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            for (Wait wait : WAITS) {
                long since = wait.since;
                if (since != 0 && now - since > PATIENCE) {
                    wait.thread.interrupt();
                }
            }
        }
    }

    /** What {@code waiting}, which may wait, returns; {@link #HUNG} if nobody ended its wait. */
    static int guard(Callable<Integer> waiting) {
        Wait wait = OWN.get();
        wait.since = System.nanoTime() | 1;
        Integer result = call(waiting);
        wait.since = 0;
        if (Thread.interrupted()) {
            return HUNG;
        }
        if (result == null) {
            throw new IllegalStateException("the call failed");
        }
        return result;
    }

    private static @Nullable Integer call(Callable<Integer> waiting) {
        try {
            return waiting.call();
        } catch (Exception e) {
            if (Thread.currentThread().isInterrupted()) {
                return null;
            }
            throw new IllegalStateException(e);
        }
    }
}
