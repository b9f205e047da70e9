package io.ringway.nio;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A byte is written and the sink closed, while somebody reads. First value: what the read returned. Second: what the
 * next one did.
 */
@JCStressTest
@Outcome(
        id = {"1, -1", "0, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "the byte, then the end")
@Outcome(expect = Expect.FORBIDDEN, desc = "the end before the byte, or no end")
@State
public class PipeEndOfStreamStress {
    private static final byte[] BYTE = {1};

    private final PipeBuffer buffer = new PipeBuffer();
    private final ByteBuffer out = ByteBuffer.wrap(BYTE);
    private final ByteBuffer in = ByteBuffer.allocate(1);

    /** The read is much faster than what it must meet. */
    private final int delay = ThreadLocalRandom.current().nextInt(100);

    public PipeEndOfStreamStress() {
        buffer.write(out);
        buffer.read(in);
        out.clear();
        in.clear();
    }

    @Actor
    public void writer() {
        buffer.write(out);
        buffer.closeSink();
    }

    @Actor
    public void reader(II_Result r) {
        for (int i = 0; i < delay; i++) {
            Thread.onSpinWait();
        }
        r.r1 = buffer.read(in);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = buffer.read(in.clear());
    }
}
