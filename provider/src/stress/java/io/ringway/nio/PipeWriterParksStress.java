package io.ringway.nio;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Room is made while the writer parks. First value: bytes read. Second: bytes written.
 */
@JCStressTest
@Outcome(id = "4096, 1", expect = Expect.ACCEPTABLE, desc = "woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "waits for ever")
@State
public class PipeWriterParksStress {
    private final LentPipe pipe = LentPipe.take(p -> p.write(PipeBuffer.CAPACITY));

    @Actor
    public void reader(II_Result r) {
        r.r1 = pipe.read(PipeBuffer.ATOMIC);
    }

    @Actor
    public void writer(II_Result r) {
        r.r2 = Watchdog.guard(() -> pipe.write(1));
    }

    @Arbiter
    public void end() {
        pipe.write(PipeBuffer.ATOMIC - 1);
        pipe.giveBack();
    }
}
