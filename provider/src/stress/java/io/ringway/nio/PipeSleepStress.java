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
 * A source becomes readable while its selector falls asleep. First value: bytes written. Second: keys selected.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "sleeps for ever")
@State
public class PipeSleepStress {
    private final LentPipe pipe = LentPipe.take(p -> p.watch(p.source, SelectionKey.OP_READ));

    @Actor
    public void writer(II_Result r) {
        r.r1 = pipe.write(1);
    }

    @Actor
    public void selector(II_Result r) {
        r.r2 = pipe.select();
    }

    @Arbiter
    public void end() {
        pipe.drain();
        pipe.selectNow();
        pipe.giveBack();
    }
}
