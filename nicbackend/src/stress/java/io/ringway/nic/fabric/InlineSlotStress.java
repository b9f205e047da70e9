package io.ringway.nic.fabric;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A slot's stamp and what stands in the slot. First value: frames received. Second: whether one of them was wrong. */
@JCStressTest
@Outcome(
        id = {"0, 0", "1, 0", "2, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "nothing, or whole frames")
@Outcome(expect = Expect.FORBIDDEN, desc = "a stamp was seen before what it stands for")
@State
public class InlineSlotStress {
    private final QueuePair pair = QueuePair.take();

    @Actor
    public void sender() {
        pair.send();
        pair.send();
    }

    @Actor
    public void receiver(II_Result r) {
        r.r1 = pair.receive(2);
        r.r2 = pair.wrong ? 1 : 0;
    }

    @Arbiter
    public void end() {
        pair.giveBack();
    }
}
