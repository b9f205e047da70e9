package io.ringway.bench.pairs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A load that is one thread: connecting, sending, receiving. */
abstract class ThreadLoad implements Load {
    private static final long START_SECONDS = 30;
    private static final long FINISH_MILLIS = 20_000;

    private final Failures failures = new Failures();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch finishing = new CountDownLatch(1);
    private final boolean virtual;
    private Thread thread = Thread.currentThread();

    ThreadLoad(boolean virtual) {
        this.virtual = virtual;
    }

    /** The whole life of the load; calls {@link #started()} once when its connections are established. */
    protected abstract void run(Phases phases) throws Exception;

    /** Ends a wait that would last beyond the end. Any thread. */
    protected void wake() {}

    protected final void started() {
        started.countDown();
    }

    @Override
    public void start(Phases phases) throws Exception {
        Runnable task = failures.guard(() -> run(phases));
        Runnable whole = () -> {
            task.run();
            started.countDown();
            phases.finishEarly();
            stayCounted();
        };
        thread = virtual
                ? Thread.ofVirtual().start(whole)
                : Thread.ofPlatform().daemon().start(whole);
        if (!started.await(START_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Not connected after " + START_SECONDS + " s");
        }
        failures.rethrow();
    }

    /** The processor time of a thread that has ended is not seen any more, so the thread stays until it has been read. */
    private void stayCounted() {
        try {
            finishing.await();
        } catch (InterruptedException e) {
            failures.add(e);
        }
    }

    @Override
    public void finish() throws Exception {
        finishing.countDown();
        wake();
        thread.join(FINISH_MILLIS);
        failures.rethrow();
        if (thread.isAlive()) {
            throw new IllegalStateException("Still waiting for the server " + FINISH_MILLIS + " ms after the end");
        }
    }
}
