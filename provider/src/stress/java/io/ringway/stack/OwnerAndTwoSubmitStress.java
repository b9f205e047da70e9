package io.ringway.stack;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads leave requests while a third one owns the stack for a moment. The value: requests that ran. Needs three
 * processors; is left out where there are fewer.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "both ran, one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "one was stranded, or two ran at a time")
@State
public class OwnerAndTwoSubmitStress {
    private final LentStack lent = LentStack.take();

    @Actor
    public void owner() {
        lent.ownBriefly();
    }

    @Actor
    public void first() {
        lent.submit();
    }

    @Actor
    public void second() {
        lent.submit();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = lent.giveBack();
    }
}
