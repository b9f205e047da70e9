package io.ringway.compat.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition by polling it, up to a generous deadline. */
public final class Await {
    /** How long anything that happens "at once" may take on a busy machine. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private Await() {}

    /** A condition that may throw. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Returns as soon as the condition holds; fails with {@code what} at the deadline. */
    public static void until(String what, Condition condition) throws Exception {
        until(what, DEADLINE, condition);
    }

    /** Returns as soon as the condition holds; fails with {@code what} at the deadline. */
    public static void until(String what, Duration deadline, Condition condition) throws Exception {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + deadline.toSeconds() + " s: " + what);
            }
            pause();
        }
    }

    /** Lets other threads run between two polls. */
    public static void pause() throws InterruptedException {
        LockSupport.parkNanos(500_000);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
