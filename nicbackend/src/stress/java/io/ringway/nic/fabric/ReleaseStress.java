package io.ringway.nic.fabric;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A frame is released and taken back. First value: whether the sender got it back at once. Second: whether it has it in
 * the end. Third: releases that made no sense.
 */
@JCStressTest
@Outcome(
        id = {"0, 1, 0", "1, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "the frame came back")
@Outcome(expect = Expect.FORBIDDEN, desc = "a release was seen before what it releases, or lost")
@State
public class ReleaseStress {
    private final QueuePair pair = QueuePair.take();
    private final long garbage = pair.sender.counters().garbage();

    public ReleaseStress() {
        pair.sendFramed();
        pair.keep();
        pair.receive(1);
    }

    @Actor
    public void receiver() {
        pair.receiver.release(pair.kept);
        pair.kept = 0;
    }

    @Actor
    public void sender(III_Result r) {
        pair.sender.harvest();
        r.r1 = pair.link.pinned() == 0 ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
        pair.sender.harvest();
        r.r2 = pair.link.pinned() == 0 ? 1 : 0;
        r.r3 = (int) (pair.sender.counters().garbage() - garbage);
        pair.giveBack();
    }
}
