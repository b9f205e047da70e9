package io.ringway.stack.tcp;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Bytes are handed over to the owner of a stack, who takes them. First value: bytes taken meanwhile. Then: all; whether
 * one was wrong.
 */
@JCStressTest
@Outcome(id = "[0-9]*, 2090, 0", expect = Expect.ACCEPTABLE, desc = "what was written, in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes that nobody wrote, or too few")
@State
public class HandOffStress {
    private final LentStream stream = LentStream.take();

    public HandOffStress() {
        stream.packed(2040);
    }

    @Actor
    public void producer() {
        stream.packed(20);
        stream.packed(30);
    }

    @Actor
    public void owner(III_Result r) {
        r.r1 = stream.readIntoMemory();
        r.r3 = stream.wrong ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r2 = stream.giveBackFromMemory();
    }
}
