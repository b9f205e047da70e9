package io.ringway.stack.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Lets threads take one step each at about the same moment, many times. */
final class Race {
    private static final int SPINS = 500;

    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    private Race() {}

    /**
     * Runs so many rounds: {@code before} alone, the steps together, {@code after} alone. The calling thread does the
     * first step.
     */
    static void run(int rounds, Runnable before, Runnable after, Runnable... steps) throws InterruptedException {
        new Race().runAll(rounds, before, after, steps);
    }

    private void runAll(int rounds, Runnable before, Runnable after, Runnable... steps) throws InterruptedException {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < steps.length; i++) {
            Runnable step = steps[i];
            others.add(Thread.ofPlatform().daemon().start(() -> follow(rounds, step)));
        }
        try {
            for (int round = 1; round <= rounds && failure == null; round++) {
                before.run();
                started.set(round);
                jitter(round);
                steps[0].run();
                await(finished, round * others.size());
                after.run();
            }
        } finally {
            started.set(Integer.MAX_VALUE);
        }
        for (Thread other : others) {
            other.join();
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("a step failed", failed);
        }
    }

    private void follow(int rounds, Runnable step) {
        try {
            for (int round = 1; round <= rounds; round++) {
                await(started, round);
                if (started.get() == Integer.MAX_VALUE) {
                    return;
                }
                step.run();
                finished.incrementAndGet();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            finished.set(Integer.MAX_VALUE);
        }
    }

    /** The others start as much later as a cache line takes from one core to another, about. */
    private static void jitter(int round) {
        for (int i = round * 7 & 31; i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private static void await(AtomicInteger counter, int value) {
        for (int i = 0; counter.get() < value; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
