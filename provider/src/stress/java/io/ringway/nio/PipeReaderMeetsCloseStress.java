package io.ringway.nio;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The sink closes while the reader parks. First value: whether the sink is open. Second: what the read returned.
 */
@JCStressTest
@Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "the end of the stream")
@Outcome(expect = Expect.FORBIDDEN, desc = "waits for ever")
@State
public class PipeReaderMeetsCloseStress {
    private final LentPipe pipe = LentPipe.take(p -> {});

    @Actor
    public void closer(II_Result r) {
        LentPipe.get(() -> {
            pipe.sink.close();
            return null;
        });
        r.r1 = pipe.sink.isOpen() ? 1 : 0;
    }

    @Actor
    public void reader(II_Result r) {
        r.r2 = Watchdog.guard(() -> pipe.read(1));
    }

    @Arbiter
    public void end() {
        pipe.giveBackClosed(p -> {});
    }
}
