package io.ringway.stack.tcp;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A write for which there is no room, against the acknowledgment that makes room. First value: bytes written. Second:
 * whether the program was told of room.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "there was room already")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no room, and told when there was")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "room at second sight, and told in vain")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "waits for ever")
@State
public class RoomStress {
    private static final ConcurrentLinkedQueue<FullConnection> IDLE = new ConcurrentLinkedQueue<>();

    private final FullConnection connection;

    public RoomStress() {
        FullConnection idle = IDLE.poll();
        connection = idle == null ? new FullConnection() : idle;
    }

    @Actor
    public void writer(II_Result r) {
        r.r1 = connection.writeGathering();
    }

    @Actor
    public void owner() {
        connection.acknowledge();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = connection.wasTold() ? 1 : 0;
        connection.refill(r.r1);
        IDLE.add(connection);
    }
}
