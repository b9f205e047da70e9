package io.ringway.compat.support;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A task in another thread, with its result or failure, and with a way to know that it is inside a blocking call. */
public final class Background<T extends @Nullable Object> implements AutoCloseable {
    private static final int STEADY_SAMPLES = 20;

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work, Thread.Builder builder) {
        task = new FutureTask<>(work);
        thread = builder.name("background of " + Thread.currentThread().getName())
                .unstarted(task);
    }

    /** Starts the work in a platform thread. */
    public static <T extends @Nullable Object> Background<T> start(Callable<T> work) {
        return new Background<>(work, Thread.ofPlatform().daemon()).started();
    }

    /** Starts the work in a virtual thread. */
    public static <T extends @Nullable Object> Background<T> startVirtual(Callable<T> work) {
        return new Background<>(work, Thread.ofVirtual()).started();
    }

    /** Starts work without a result in a platform thread. */
    public static Background<@Nullable Void> run(Action work) {
        return start(() -> {
            work.run();
            return null;
        });
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private Background<T> started() {
        thread.start();
        return this;
    }

    public Thread thread() {
        return thread;
    }

    public boolean isDone() {
        return task.isDone();
    }

    /** The result; fails if the work failed or isn't done at the deadline. */
    public T result() throws Exception {
        try {
            return task.get(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("background work failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw stillRunning();
        }
    }

    /** The exception that the work ended with; fails if it ended well, differently or not at all. */
    public <X extends Throwable> X failure(Class<X> type) throws Exception {
        try {
            T result = task.get(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("expected " + type.getName() + ", but the result is " + result);
        } catch (ExecutionException e) {
            return assertInstanceOf(type, e.getCause());
        } catch (TimeoutException e) {
            throw stillRunning();
        }
    }

    /**
     * Waits until the thread has been inside a method of that name, not one of the tests' own, for a number of
     * consecutive looks at its stack: it may then be taken to block there.
     */
    public void awaitInside(String method) throws Exception {
        int[] steady = {0};
        Await.until("a thread blocks in " + method, () -> {
            if (isDone()) {
                throw new AssertionError("ended before it blocked in " + method + ": " + outcome());
            }
            steady[0] = isInside(method) ? steady[0] + 1 : 0;
            return steady[0] >= STEADY_SAMPLES;
        });
    }

    private boolean isInside(String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method)
                        && !frame.getClassName().startsWith("io.ringway.compat."));
    }

    private String outcome() throws InterruptedException {
        try {
            return "result " + task.get();
        } catch (ExecutionException e) {
            return "failure " + e.getCause();
        }
    }

    private AssertionError stillRunning() {
        return new AssertionError("still running: " + ThreadDump.of(thread));
    }

    /** Interrupts the work if it still runs. */
    @Override
    public void close() {
        if (!task.isDone()) {
            thread.interrupt();
        }
    }
}
