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
 * A source that a selector of the JDK's watches becomes readable while that selector finds it unready. First value: keys
 * selected meanwhile. Second: keys selected afterwards.
 */
@JCStressTest
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "selected now, and found ready again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the descriptor says nothing")
@State
public class PipeMirrorStress {
    private final LentPipe pipe = LentPipe.take(p -> p.watchByJdk(p.source, SelectionKey.OP_READ));

    public PipeMirrorStress() {
        pipe.write(1);
        pipe.read(1);
    }

    @Actor
    public void writer() {
        pipe.write(1);
    }

    @Actor
    public void selector(II_Result r) {
        r.r1 = pipe.selectNow();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pipe.selectNow();
        pipe.drain();
        pipe.selectNow();
        pipe.giveBack();
    }
}
