package io.ringway.nio;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Bytes are written while others are read. First value: bytes read meanwhile. Then: all; whether one was wrong.
 */
@JCStressTest
@Outcome(id = "[0-9]*, 60, 0", expect = Expect.ACCEPTABLE, desc = "what was written, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes that nobody wrote, or too few")
@State
public class PipeBytesStress {
    private static final ConcurrentLinkedQueue<CountingPipe> IDLE = new ConcurrentLinkedQueue<>();

    private final CountingPipe pipe = lend();

    public PipeBytesStress() {
        pipe.write(10);
    }

    private static CountingPipe lend() {
        CountingPipe idle = IDLE.poll();
        return idle == null ? new CountingPipe() : idle;
    }

    @Actor
    public void writer() {
        pipe.write(20);
        pipe.write(30);
    }

    @Actor
    public void reader(III_Result r) {
        r.r1 = pipe.read(15) + pipe.read(15);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r2 = r.r1 + pipe.read(60);
        r.r3 = pipe.isWrong() ? 1 : 0;
        IDLE.add(pipe);
    }
}
