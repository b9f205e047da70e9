package io.ringway.nic.fabric;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A sender that found its ring full and goes to sleep, against a receiver that empties it. First value: slots that the
 * sender saw free before sleep. Second: doorbells that the receiver rang for it.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "emptied before the queue was armed")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "emptied while the sender sleeps: woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "seen, and woken in vain")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "sleeps beside an empty ring")
@State
public class RoomBellStress {
    private final QueuePair pair = QueuePair.take();
    private final long bells;

    public RoomBellStress() {
        pair.fill();
        bells = pair.receiver.counters().bellsRung();
    }

    @Actor
    public void sender(II_Result r) {
        pair.sender.arm();
        r.r1 = pair.sender.claim(pair.link, Frames.HEADERS, 0) < 0 ? 0 : 1;
    }

    @Actor
    public void receiver() {
        pair.receive(QueuePair.SLOTS);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pair.receiver.counters().bellsRung() == bells ? 0 : 1;
        pair.giveBack();
    }
}
