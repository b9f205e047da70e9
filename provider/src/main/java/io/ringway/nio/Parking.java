package io.ringway.nio;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where one thread at a time, platform or virtual, sleeps until a condition may hold; {@link #wake} from any thread. */
final class Parking {
    /** What is waited for. */
    interface Condition {
        /** True when the wait is over. Any thread may make it true, and calls {@link Parking#wake} afterwards. */
        boolean holds();
    }

    private volatile @Nullable Thread parked;

    /** Ends a park, if there is one, so that the condition is looked at again. After a full fence. */
    void wake() {
        Thread t = parked;
        if (t != null) {
            LockSupport.unpark(t);
        }
    }

    /**
     * Sleeps until {@code condition} holds, the thread is interrupted, or {@code deadline} (of System.nanoTime;
     * Long.MAX_VALUE: none) has passed.
     *
     * @return whether the condition holds
     */
    boolean await(Condition condition, long deadline) {
        Thread me = Thread.currentThread();
        parked = me;
        try {
            while (true) {
                VarHandle.fullFence();
                if (condition.holds()) {
                    return true;
                }
                if (me.isInterrupted()) {
                    return false;
                }
                if (deadline == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            parked = null;
        }
    }
}
