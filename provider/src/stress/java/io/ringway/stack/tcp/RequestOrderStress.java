package io.ringway.stack.tcp;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads leave requests about two connections, and one of them owns the stack meanwhile (M6). The value: requests
 * that were performed, or -1 if one of a thread's requests about a connection overtook another.
 */
@JCStressTest
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "all, each connection's in their order")
@Outcome(expect = Expect.FORBIDDEN, desc = "one was stranded, or overtaken")
@State
public class RequestOrderStress {
    private final LentRequests lent = LentRequests.take();

    @Actor
    public void first() {
        lent.leave(0, 0);
        lent.leave(0, 1);
        lent.leave(0, 0);
        lent.leave(0, 1);
    }

    @Actor
    public void second() {
        lent.leave(1, 1);
        lent.ownBriefly();
        lent.leave(1, 0);
        lent.leave(1, 1);
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = lent.giveBack();
    }
}
