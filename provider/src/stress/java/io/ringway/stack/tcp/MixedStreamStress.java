package io.ringway.stack.tcp;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Frames and packed bytes take turns, nodes are passed and used again, and frames go back. First value: bytes read
 * meanwhile. Then: all; whether one was wrong.
 */
@JCStressTest
@Outcome(id = "[0-9]*, 58, 0", expect = Expect.ACCEPTABLE, desc = "what was written, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes that nobody wrote, or too few")
@State
public class MixedStreamStress {
    private final LentStream stream = LentStream.take();

    public MixedStreamStress() {
        stream.framed(20);
        stream.packed(3);
    }

    @Actor
    public void producer() {
        stream.framed(20);
        stream.reclaim();
        stream.packed(5);
        stream.reclaim();
        stream.framed(10);
        stream.reclaim();
    }

    @Actor
    public void consumer(III_Result r) {
        int n = stream.read(21);
        r.r1 = n + stream.read(100);
        r.r3 = stream.wrong ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r2 = stream.giveBack();
    }
}
