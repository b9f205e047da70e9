package io.ringway.bench.pairs;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Carries the first failure of a thread to the one that waits for it. */
final class Failures {
    /** Something that may fail. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    Runnable guard(Task task) {
        return () -> {
            try {
                task.run();
            } catch (Exception | Error e) {
                add(e);
            }
        };
    }

    void add(Throwable failure) {
        first.compareAndSet(null, failure);
    }

    void rethrow() {
        Throwable failure = first.get();
        if (failure != null) {
            throw new IllegalStateException("Failed under load: " + failure, failure);
        }
    }
}
