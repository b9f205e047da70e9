package io.ringway.stack.tcp;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A look at the readiness of a connection that is full, against the acknowledgment that makes room. First value:
 * whether it can be written to. Second: whether the program was told of room.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "there was room already")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no room, and told when there was")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "room at second sight, and told in vain")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "waits for ever")
@State
public class LookForRoomStress {
    private static final ConcurrentLinkedQueue<FullConnection> IDLE = new ConcurrentLinkedQueue<>();

    private final FullConnection connection;

    /** The look is much faster than what it must meet. */
    private final int delay = ThreadLocalRandom.current().nextInt(100);

    public LookForRoomStress() {
        FullConnection idle = IDLE.poll();
        connection = idle == null ? new FullConnection() : idle;
    }

    @Actor
    public void selector(II_Result r) {
        for (int i = 0; i < delay; i++) {
            Thread.onSpinWait();
        }
        r.r1 = connection.mayWrite() ? 1 : 0;
    }

    @Actor
    public void owner() {
        connection.acknowledge();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = connection.wasTold() ? 1 : 0;
        connection.refill(0);
        IDLE.add(connection);
    }
}
