package io.ringway.stack.tcp;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A node is full while it is read. First value: bytes read meanwhile. Then: all; whether one was wrong. */
@JCStressTest
@Outcome(id = "[0-9]*, 8290, 0", expect = Expect.ACCEPTABLE, desc = "what was written, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes that nobody wrote, or too few")
@State
public class FullNodeStress {
    private final LentStream stream = LentStream.take();

    public FullNodeStress() {
        stream.packed(8190);
    }

    @Actor
    public void producer() {
        stream.packed(50);
        stream.reclaim();
        stream.packed(50);
    }

    @Actor
    public void consumer(III_Result r) {
        r.r1 = stream.read(8192);
        r.r3 = stream.wrong ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r2 = stream.giveBack();
    }
}
