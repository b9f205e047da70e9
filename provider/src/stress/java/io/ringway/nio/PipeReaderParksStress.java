package io.ringway.nio;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A byte is written while the reader parks. First value: bytes written. Second: bytes read.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "waits for ever")
@State
public class PipeReaderParksStress {
    private final LentPipe pipe = LentPipe.take(p -> {});

    @Actor
    public void writer(II_Result r) {
        r.r1 = pipe.write(1);
    }

    @Actor
    public void reader(II_Result r) {
        r.r2 = Watchdog.guard(() -> pipe.read(1));
    }

    @Arbiter
    public void end() {
        pipe.giveBack();
    }
}
