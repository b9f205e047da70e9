package io.ringway.stack;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One thread lets go of the stack while another one leaves a request. The value: requests that ran. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "run by the one or by the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "stranded, or somebody owns the stack for ever")
@State
public class SubmitToOwnerStress {
    private final LentStack lent = LentStack.take();

    @Actor
    public void owner() {
        lent.ownBriefly();
    }

    @Actor
    public void other() {
        lent.submit();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = lent.giveBack();
    }
}
