package io.ringway.nio;

import io.ringway.stack.tcp.TcpConnection;
import org.jspecify.annotations.Nullable;

/**
 * How a blocking call waits for a connection: it polls the connection's lane and the common one of its port for as long as
 * {@link SpinWait} allows, then parks, while the InterruptProcessor looks after the lanes. Virtual threads do the same;
 * nothing here blocks a carrier. One waiting thread at a time; {@link #wake} from any.
 */
final class BlockingWait {
    private final Datapath datapath;
    private final SpinWait spin;
    private final Parking parking = new Parking();

    BlockingWait(Datapath datapath) {
        this.datapath = datapath;
        this.spin = new SpinWait(datapath);
    }

    /** The condition may hold now. */
    void wake() {
        parking.wake();
    }

    /**
     * Waits until {@code condition} holds, the thread is interrupted, or {@code deadline} (of System.nanoTime;
     * Long.MAX_VALUE: none) has passed.
     *
     * @param connection whose lane to poll; null: the common lanes of all ports
     * @return whether the condition holds
     */
    boolean await(Parking.Condition condition, @Nullable TcpConnection connection, long deadline) {
        if (poll(condition, connection, deadline)) {
            return true;
        }
        boolean holds = parking.await(condition, deadline);
        if (holds) {
            spin.arrived(System.nanoTime());
        }
        return holds;
    }

    private boolean poll(Parking.Condition condition, @Nullable TcpConnection connection, long deadline) {
        Lane[] commons = connection == null ? datapath.commonLanes() : datapath.commonLane(connection.stack()).alone;
        Lane lane = connection == null ? commons[0] : datapath.lane(connection.stack());
        boolean found = false;
        long now = System.nanoTime();
        for (Lane common : commons) {
            common.enter();
        }
        try {
            long next = now;
            while (next != SpinWait.SLEEP) {
                now = next;
                int looks = commons.length == 1 && lane == commons[0] ? spin.looks() : 0;
                for (Lane common : commons) {
                    common.poll(now, looks);
                }
                if (lane != commons[0]) {
                    lane.poll(now);
                }
                found = condition.holds();
                boolean over =
                        found || now - deadline >= 0 || Thread.currentThread().isInterrupted();
                next = over ? SpinWait.SLEEP : spin.pause(now);
            }
        } finally {
            for (Lane common : commons) {
                common.leave(now);
            }
        }
        if (found) {
            spin.arrived(now);
            spin.found();
        } else {
            spin.end();
        }
        return found || condition.holds();
    }
}
