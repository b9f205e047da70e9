package io.ringway.nio;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A poller comes back while the InterruptProcessor arms its queue in order to sleep on it. First value: whether the queue
 * is armed. Second: whether the poller has said that it isn't. Third: whether the InterruptProcessor comes again anyway.
 */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "the doorbell rings")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "the queue is disarmed, and that was said")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "they met: the visit is made again")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody hears what arrives")
@State
public class StandInStress {
    private static final ConcurrentLinkedQueue<Visited> IDLE = new ConcurrentLinkedQueue<>();

    /** A lane with one poller, which is away. */
    private static final class Visited {
        final FakeQueue queue = new FakeQueue();
        final Lane lane = queue.lane(this::disarmed);
        volatile boolean asleep;
        boolean told;

        Visited() {
            lane.enter();
        }

        private void disarmed() {
            if (asleep) {
                told = true;
            }
        }
    }

    private final Visited visited = lend();

    private static Visited lend() {
        Visited idle = IDLE.poll();
        return idle == null ? new Visited() : idle;
    }

    @Actor
    public void interruptProcessor(III_Result r) {
        visited.asleep = true;
        r.r3 = visited.lane.serve(1, false, true) == 1 ? 1 : 0;
    }

    @Actor
    public void poller() {
        visited.lane.poll(2);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = visited.queue.armed ? 1 : 0;
        r.r2 = visited.told ? 1 : 0;
        visited.lane.poll(3);
        visited.asleep = false;
        visited.told = false;
        IDLE.add(visited);
    }
}
