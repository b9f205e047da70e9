package io.ringway.nio;

import io.ringway.nio.EventQueue.Event;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A key whose event is in the queue already becomes ready while the event is taken. First value: whether the poster
 * posted. Second: whether the taker saw the key ready.
 */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "seen now, or posted for the next look")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "not seen, and not posted: lost")
@State
public class PostStress {
    private final EventQueue queue = new EventQueue();
    private final Event event = new Event(null);
    private int ready;

    public PostStress() {
        queue.post(event);
    }

    @Actor
    public void poster(II_Result r) {
        ready = 1;
        r.r1 = queue.post(event) ? 1 : 0;
    }

    @Actor
    public void taker(II_Result r) {
        Event taken = queue.takeAll();
        if (taken != null) {
            EventQueue.release(taken);
        }
        r.r2 = ready;
    }
}
