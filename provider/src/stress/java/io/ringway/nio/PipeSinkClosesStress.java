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
 * A sink closes while the selector takes an event of the source. First value: keys selected meanwhile. Second: keys
 * selected afterwards.
 */
@JCStressTest
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "selected now, and found ready again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the end of the stream was lost")
@State
public class PipeSinkClosesStress {
    private final LentPipe pipe = LentPipe.take(PipeSinkClosesStress::watch);

    public PipeSinkClosesStress() {
        pipe.write(1);
        pipe.read(1);
    }

    private static void watch(LentPipe pipe) {
        pipe.watch(pipe.source, SelectionKey.OP_READ);
    }

    @Actor
    public void closer() {
        LentPipe.get(() -> {
            pipe.sink.close();
            return null;
        });
    }

    @Actor
    public void selector(II_Result r) {
        r.r1 = pipe.selectNow();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pipe.selectNow();
        pipe.giveBackClosed(PipeSinkClosesStress::watch);
    }
}
