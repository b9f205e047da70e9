package io.ringway.nio;

import java.nio.channels.SelectionKey;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Somebody becomes interested in a source at the moment in which it becomes readable. First value: bytes written.
 * Second: keys selected afterwards.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "selected")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody was told")
@State
public class PipeInterestStress {
    private final LentPipe pipe = LentPipe.take(p -> p.watch(p.source, 0));

    @Actor
    public void writer(II_Result r) {
        r.r1 = pipe.write(1);
    }

    @Actor
    public void interested() {
        pipe.interest(SelectionKey.OP_READ);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pipe.selectNow();
        pipe.interest(0);
        pipe.drain();
        pipe.selectNow();
        pipe.giveBack();
    }
}
