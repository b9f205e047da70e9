package io.ringway.stack;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads leave requests, and one of them owns the stack meanwhile. The value: requests that ran. */
@JCStressTest
@Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "all ran, one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "one was stranded, or two ran at a time")
@State
public class TwoSubmitStress {
    private final LentStack lent = LentStack.take();

    @Actor
    public void first() {
        lent.submit();
        lent.ownBriefly();
        lent.submit();
    }

    @Actor
    public void second() {
        lent.submit();
        lent.submit();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = lent.giveBack();
    }
}
