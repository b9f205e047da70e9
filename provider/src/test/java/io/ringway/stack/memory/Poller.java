package io.ringway.stack.memory;

import io.ringway.stack.NetworkStack;
import java.util.concurrent.TimeUnit;

/** A thread that polls one stack, and sleeps on its doorbell when nothing happens. Real time. */
public final class Poller extends Thread {
    private static final long LONG = TimeUnit.SECONDS.toNanos(60);
    private static final int IDLE_ROUNDS = 20;

    private final NetworkStack stack;
    private final MemoryQueue queue;
    private volatile boolean stop;
    private volatile Throwable failure;

    public Poller(NetworkStack stack, String name) {
        super(name);
        setDaemon(true);
        this.stack = stack;
        queue = (MemoryQueue) stack.queue().device();
    }

    @Override
    public void run() {
        try {
            int idle = 0;
            while (!stop) {
                if (poll() != 0) {
                    idle = 0;
                } else if (++idle > IDLE_ROUNDS) {
                    sleepUntilBell();
                    idle = 0;
                } else {
                    Thread.yield();
                }
            }
        } catch (Throwable e) {
            failure = e;
            throw e;
        }
    }

    private int poll() {
        if (!stack.tryOwn()) {
            return 0;
        }
        try {
            return stack.poll(System.nanoTime());
        } finally {
            stack.disown();
        }
    }

    private void own() {
        while (!stack.tryOwn()) {
            Thread.yield();
        }
    }

    private void sleepUntilBell() {
        own();
        stack.arm();
        int work = stack.poll(System.nanoTime());
        long deadline = stack.nextDeadline();
        stack.disown();
        if (work == 0) {
            long now = System.nanoTime();
            queue.awaitBell(deadline == Long.MAX_VALUE ? LONG : Math.min(LONG, deadline - now));
        }
        own();
        stack.disarm();
        queue.clearDoorbell();
        stack.disown();
    }

    /** Ends the thread, and fails if it had failed. */
    public void finish() throws InterruptedException {
        stop = true;
        queue.ring();
        join(TimeUnit.SECONDS.toMillis(30));
        if (failure != null) {
            throw new AssertionError(getName(), failure);
        }
        if (isAlive()) {
            throw new AssertionError(getName() + " doesn't end");
        }
    }
}
