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
 * A sink whose event is in the queue already gets room while the event is taken. First value: keys selected meanwhile.
 * Second: keys selected afterwards.
 */
@JCStressTest
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "selected now, and found ready again")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost")
@State
public class PipeWritableStress {
    private final LentPipe pipe = LentPipe.take(p -> p.watch(p.sink, SelectionKey.OP_WRITE));

    public PipeWritableStress() {
        pipe.fill();
        pipe.selectNow();
        pipe.read(1);
    }

    @Actor
    public void reader() {
        pipe.read(PipeBuffer.ATOMIC);
    }

    @Actor
    public void selector(II_Result r) {
        r.r1 = pipe.selectNow();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pipe.selectNow();
        pipe.giveBack();
    }
}
