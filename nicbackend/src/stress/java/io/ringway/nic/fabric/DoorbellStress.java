package io.ringway.nic.fabric;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Arm, then poll again, against commit, then flush. First value: frames that the last poll before sleep found. Second:
 * doorbells rung.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "sent before the queue was armed")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "sent to a queue that sleeps: woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "seen, and woken in vain")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "sleeps beside a frame")
@State
public class DoorbellStress {
    private final QueuePair pair = QueuePair.take();
    private final long bells = pair.bellsOfSender();

    @Actor
    public void sleeper(II_Result r) {
        pair.receiver.arm();
        r.r1 = pair.receive(1);
    }

    @Actor
    public void sender() {
        pair.send();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = (int) (pair.bellsOfSender() - bells);
        pair.giveBack();
    }
}
