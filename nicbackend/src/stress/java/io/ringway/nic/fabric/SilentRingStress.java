package io.ringway.nic.fabric;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Polling of a silent ring ends, against commit, then flush. First value: whether polling ended. Second: frames that are
 * found in the end.
 */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "found")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody looks at the ring any more")
@State
public class SilentRingStress {
    private final QueuePair pair = QueuePair.takeCrowded();

    public SilentRingStress() {
        pair.beSilent();
    }

    @Actor
    public void receiver(II_Result r) {
        long before = pair.receiver.counters().ringsSlept();
        pair.receiver.rings().sweep();
        r.r1 = pair.receiver.counters().ringsSlept() == before ? 0 : 1;
    }

    @Actor
    public void sender() {
        pair.send();
    }

    @Arbiter
    public void end(II_Result r) {
        pair.receive(1);
        pair.receive(1);
        r.r2 = pair.received;
        pair.giveBack();
    }
}
