package io.ringway.nio;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Port;
import io.ringway.stack.NetworkStack;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A stack with its device queue, and who looks after it at the moment. It belongs to one port, as do all connections on
 * it.
 *
 * <p>While it has pollers, threads that promise to poll it again soon, its queue is not armed, and no peer spends a
 * system call on it. The last poller to leave arms the queue and polls once more; from then on the doorbell wakes
 * whoever sleeps on it: the selector that the lane belongs to, or else the {@link InterruptProcessor}. A poller that
 * doesn't come back for a while (its thread computes) is stood in for by the InterruptProcessor, which arms the queue
 * before it sleeps itself. The first poll afterwards disarms it, and tells that there is a poller again.
 */
final class Lane {
    private static final AtomicIntegerFieldUpdater<Lane> POLLERS =
            AtomicIntegerFieldUpdater.newUpdater(Lane.class, "pollers");
    private static final AtomicLongFieldUpdater<Lane> POLLED_AT =
            AtomicLongFieldUpdater.newUpdater(Lane.class, "polledAt");

    /** Bound on the rounds of one visit, so that a busy queue doesn't keep a thread from its other work. */
    private static final int ROUNDS = 64;

    final NetworkStack stack;
    final DeviceQueue queue;
    final Port port;
    /** This one alone, for whoever polls several. */
    final Lane[] alone = {this};

    private final Runnable disarmed;

    /** A selector sleeps on it, whose own lane it is; if not, the InterruptProcessor does. */
    volatile boolean ofSelector;

    /** That selector sleeps, or is about to: the doorbell wakes it. */
    volatile boolean selectorSleeps;

    /** It is on the list of the selector that it belongs to. That selector's thread. */
    boolean listed;

    /** The doorbell rang for the selector that the lane belongs to, which has not cleared it yet. That selector's thread. */
    boolean rang;

    private volatile int pollers;

    /** When the lane was polled last. Written by the stack's owner. */
    private volatile long polledAt;

    /** Owner of the stack. */
    private boolean armed;

    /** Frames that the InterruptProcessor delivered (M2). Written by it, read by anyone. */
    long packetsByInterrupt;

    /** What the InterruptProcessor saw of {@link #traffic()}. Its thread. */
    long trafficSeen;

    /** The doorbell in the InterruptProcessor's selector, once it was there. Under its monitor. */
    @Nullable
    SelectionKey bell;

    /** A lane for {@code stack}. {@code disarmed}: run by a poller that has disarmed the queue, from now on unheard. */
    Lane(NetworkStack stack, Runnable disarmed) {
        this.stack = stack;
        this.queue = stack.queue();
        this.port = queue.port();
        this.disarmed = disarmed;
    }

    /** Waits for the ownership, which others hold for moments only. Never inside of another ownership. */
    private void own() {
        int tries = 0;
        while (!stack.tryOwn()) {
            if (++tries < ROUNDS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    boolean hasPollers() {
        return pollers != 0;
    }

    /** When the lane was polled last. */
    long polledAt() {
        return polledAt;
    }

    /** This thread, or one that acts for this thread's selector, will poll the lane again and again until it leaves. */
    void enter() {
        POLLERS.getAndAdd(this, 1);
    }

    /**
     * Polls once, if nobody else is at it.
     *
     * @return frames and other work done, 0 for nothing, -1 if another thread owns the stack
     */
    int poll(long now) {
        return pollOnce(now, 0, null);
    }

    /**
     * The same after a bounded wait for a frame or a request, in which nothing else is done: what arrives is learned of
     * within nanoseconds, and what others leave to the owner is done at once.
     *
     * @param looks how often to look, 0 for not at all
     */
    int poll(long now, int looks) {
        return pollOnce(now, looks, null);
    }

    private int pollOnce(long now, int looks, @Nullable OutOfLine never) {
        if (!stack.tryOwn()) {
            return -1;
        }
        boolean disarms = armed && pollers != 0;
        try {
            if (disarms) {
                arm(false);
            }
            POLLED_AT.lazySet(this, now);
            for (int i = 0; i < looks && !stack.hasNext(); i++) {
                Thread.onSpinWait();
            }
            return stack.poll(now);
        } finally {
            stack.disown();
            if (disarms) {
                disarmed.run();
            }
        }
    }

    /** Owner. */
    private void arm(boolean on) {
        if (armed != on) {
            armed = on;
            if (on) {
                stack.arm();
            } else {
                stack.disarm();
            }
        }
    }

    /**
     * Takes {@link #enter} back. The last poller arms the queue.
     *
     * @return the stack's next deadline, or {@code now} if there was something to do: then look for events
     */
    long leave(long now) {
        int before = POLLERS.getAndAdd(this, -1);
        return before == 1 ? rest(now) : Long.MAX_VALUE;
    }

    /** Arms the queue if it has no pollers, and looks once more; returns as {@link #leave}. */
    long rest(long now) {
        own();
        try {
            if (pollers == 0) {
                arm(true);
            }
            return pollRounds(now) == 1 ? stack.nextDeadline() : now;
        } finally {
            stack.disown();
        }
    }

    /** Polls until nothing is left to do, within bounds; returns how often. Owner. */
    private int pollRounds(long now) {
        int rounds = 1;
        while (stack.poll(now) > 0 && rounds < ROUNDS) {
            rounds++;
        }
        return rounds;
    }

    /**
     * A visit of the InterruptProcessor: the doorbell rang, a timer is due, or the pollers are away. Leaves the queue
     * armed if it has no pollers, or where the visitor is going to sleep on it for them.
     *
     * @return the stack's next deadline, or {@code now} if the stack must be visited again at once
     */
    long serve(long now, boolean bell, boolean forPollers) {
        if (!stack.tryOwn()) {
            return now;
        }
        long before = stack.counters().segmentsReceived;
        try {
            if (bell) {
                queue.clearDoorbell();
            }
            arm(pollers == 0 || forPollers);
            int rounds = pollRounds(now);
            if (isSleptOn()) {
                if (bell) {
                    // It has gone to sleep meanwhile, and the bell may have been for it.
                    queue.ring();
                }
                return Long.MAX_VALUE;
            }
            return rounds == ROUNDS ? now : stack.nextDeadline();
        } finally {
            packetsByInterrupt += stack.counters().segmentsReceived - before;
            stack.disown();
        }
    }

    /** Its selector sleeps, or is about to, and knows the stack's deadline. Owner. */
    private boolean isSleptOn() {
        return ofSelector && selectorSleeps && pollers == 0;
    }

    /** The doorbell woke the selector that slept on it: the next poll finds what rang. */
    void awake(boolean bell) {
        enter();
        if (bell) {
            own();
            arm(false);
            queue.clearDoorbell();
            stack.disown();
        }
    }

    /** Looks which frames have come back, if nobody else is at work on the stack. */
    void reclaim() {
        if (stack.tryOwn()) {
            queue.reclaim();
            stack.disown();
        }
    }

    /** A number that changes when frames come or go. */
    long traffic() {
        return stack.counters().segmentsReceived + stack.counters().segmentsSent;
    }
}
