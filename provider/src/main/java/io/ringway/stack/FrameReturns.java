package io.ringway.stack;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way back to the queues of other stacks, which alone may take them: collected while a stack is owned, and
 * one request for each of the other stacks and batch (M6). The requests are used again, so nothing is allocated once there
 * are enough. Belongs to the owner of the stack that collects.
 */
final class FrameReturns {
    /** Requests that are kept; more are made where the other stacks are far behind. */
    private static final int KEPT = 16;

    /** The frames for one stack. */
    private static final class Batch implements NetworkStack.Request {
        private static final int CAPACITY = Long.SIZE;

        final long[] frames = new long[CAPACITY];
        int count;
        /** A bit for each frame that was received, and not allocated, on the stack's queue. */
        long received;

        @Nullable
        NetworkStack home;

        /** Submitted, and not performed yet. Written by both sides in turn. */
        volatile boolean away;

        boolean add(long frame, boolean wasReceived) {
            frames[count] = frame;
            received |= wasReceived ? 1L << count : 0;
            return ++count == CAPACITY;
        }

        @Override
        public void run(NetworkStack stack) {
            for (int i = 0; i < count; i++) {
                if ((received >>> i & 1) != 0) {
                    stack.queue().release(frames[i]);
                } else {
                    stack.queue().free(frames[i]);
                }
            }
            count = 0;
            received = 0;
            home = null;
            away = false;
        }
    }

    private Batch[] batches = new Batch[0];
    private boolean pending;

    /** Whether {@link #send} has something to do. */
    boolean isPending() {
        return pending;
    }

    /** Gives a frame back to {@code home}, whose queue received it, or allocated it. */
    void add(NetworkStack home, long frame, boolean received) {
        Batch batch = batchFor(home);
        pending = true;
        if (batch.add(frame, received)) {
            send(batch);
        }
    }

    /** Sends what was collected. */
    void send() {
        pending = false;
        for (Batch batch : batches) {
            if (!batch.away && batch.count > 0) {
                send(batch);
            }
        }
    }

    private static void send(Batch batch) {
        NetworkStack home = batch.home;
        if (home != null) {
            batch.away = true;
            home.submit(batch);
        }
    }

    private Batch batchFor(NetworkStack home) {
        Batch idle = null;
        for (Batch batch : batches) {
            if (!batch.away) {
                if (batch.home == home) {
                    return batch;
                }
                idle = batch.home == null ? batch : idle;
            }
        }
        if (idle == null) {
            idle = new Batch();
            keep(idle);
        }
        idle.home = home;
        return idle;
    }

    private void keep(Batch made) {
        for (int i = 0; batches.length >= KEPT && i < batches.length; i++) {
            if (batches[i].away) {
                // It is its stack's alone from now on.
                batches[i] = made;
                return;
            }
        }
        batches = Arrays.copyOf(batches, batches.length + 1);
        batches[batches.length - 1] = made;
    }
}
