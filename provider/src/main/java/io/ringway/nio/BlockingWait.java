package io.ringway.nio;

import io.ringway.stack.tcp.TcpConnection;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a blocking call waits for a connection: it polls the connection's lane and the common one for as long as the spin
 * budget allows, then parks, while the InterruptProcessor looks after the lanes. Virtual threads do the same; nothing
 * here blocks a carrier. One waiting thread at a time; {@link #wake} from any.
 */
final class BlockingWait {
    /** What is waited for. */
    interface Condition {
        /** True when the wait is over. Any thread may make it true, and calls {@link BlockingWait#wake} afterwards. */
        boolean holds();
    }

    private final Datapath datapath;
    private final SpinBudget budget;
    private final Courtesy courtesy = new Courtesy();
    private volatile @Nullable Thread parked;

    BlockingWait(Datapath datapath) {
        this.datapath = datapath;
        this.budget = new SpinBudget(datapath.settings().spinNanos());
    }

    /** Ends a park, if there is one, so that the condition is looked at again. */
    void wake() {
        Thread t = parked;
        if (t != null) {
            LockSupport.unpark(t);
        }
    }

    /**
     * Waits until {@code condition} holds, the thread is interrupted, or {@code deadline} (of System.nanoTime;
     * Long.MAX_VALUE: none) has passed.
     *
     * @param connection whose lane to poll; null: the common lane only
     * @return whether the condition holds
     */
    boolean await(Condition condition, @Nullable TcpConnection connection, long deadline) {
        if (spin(condition, connection, deadline)) {
            return true;
        }
        Thread me = Thread.currentThread();
        parked = me;
        try {
            while (true) {
                VarHandle.fullFence();
                if (condition.holds()) {
                    budget.arrived(System.nanoTime());
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

    private boolean spin(Condition condition, @Nullable TcpConnection connection, long deadline) {
        Lane common = datapath.commonLane();
        Lane lane = connection == null ? common : datapath.lane(connection.stack());
        long start = System.nanoTime();
        long allowance = courtesy.maySpin(start) ? budget.allowance() : 0;
        boolean permitted = false;
        boolean found = false;
        long now = start;
        common.enter();
        try {
            while (true) {
                common.poll(now);
                if (lane != common) {
                    lane.poll(now);
                }
                found = condition.holds();
                long spent = now - start;
                if (found
                        || spent >= allowance
                        || now - deadline >= 0
                        || Thread.currentThread().isInterrupted()) {
                    break;
                }
                if (spent >= Spinners.FREE && !permitted) {
                    permitted = datapath.spinners().begin();
                    if (!permitted) {
                        break;
                    }
                }
                now = courtesy.pause(spent, now);
            }
        } finally {
            common.leave(now);
            if (permitted) {
                datapath.spinners().done();
            }
        }
        spun(found || condition.holds(), now, allowance, now - start);
        return found || condition.holds();
    }

    private void spun(boolean found, long now, long allowance, long spent) {
        if (found) {
            courtesy.resume(now);
            budget.arrived(now);
            budget.fruitful();
        } else if (allowance != 0 && spent >= allowance) {
            budget.fruitless();
        }
    }
}
