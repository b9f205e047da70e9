package io.ringway.stack;

import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A stack for two threads to meet on, used again and again; nobody owns it, and no request waits. */
final class LentStack {
    private static final ConcurrentLinkedQueue<LentStack> IDLE = new ConcurrentLinkedQueue<>();

    final NetworkStack stack = IdleQueue.stack(Arena.ofAuto().allocate(1 << 10), frame -> {});

    /** Requests that ran; the owner's. */
    int ran;

    static LentStack take() {
        LentStack idle = IDLE.poll();
        return idle == null ? new LentStack() : idle;
    }

    /** A thread with something for the owner. */
    void submit() {
        stack.submit(s -> ran++);
    }

    /** A thread that owns the stack for a moment, if it is free. */
    void ownBriefly() {
        if (stack.tryOwn()) {
            stack.disown();
        }
    }

    /** Requests that ran; -1 if somebody owns the stack still. One thread, after all others. */
    int giveBack() {
        int count = ran;
        ran = 0;
        if (!stack.tryOwn()) {
            return -1;
        }
        stack.disown();
        IDLE.add(this);
        return count;
    }
}
