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
 * A source closes while the selector takes an event of the sink, which is full. First value: keys selected meanwhile.
 * Second: keys selected afterwards.
 */
@JCStressTest
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "selected now, and found ready again")
@Outcome(expect = Expect.FORBIDDEN, desc = "that the pipe is broken was lost")
@State
public class PipeSourceClosesStress {
    private final LentPipe pipe = LentPipe.take(PipeSourceClosesStress::watch);

    public PipeSourceClosesStress() {
        pipe.fill();
        pipe.selectNow();
        pipe.read(1);
    }

    private static void watch(LentPipe pipe) {
        pipe.watch(pipe.sink, SelectionKey.OP_WRITE);
    }

    @Actor
    public void closer() {
        LentPipe.get(() -> {
            pipe.source.close();
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
        pipe.giveBackClosed(PipeSourceClosesStress::watch);
    }
}
