package io.ringway.nio;

import io.ringway.nio.EventQueue.Event;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads post, and one of them takes. First value: what it took, 10 for the other's event, 1 for its own. Second:
 * what is left.
 */
@JCStressTest
@Outcome(
        id = {"1, 10", "11, 0", "11, 10"},
        expect = Expect.ACCEPTABLE,
        desc = "each event was taken after it was posted")
@Outcome(expect = Expect.FORBIDDEN, desc = "an event was lost, or is in the queue twice")
@State
public class TwoPostersStress {
    private final EventQueue queue = new EventQueue();
    private final Event others = new Event(null);
    private final Event own = new Event(null);

    @Actor
    public void poster() {
        queue.post(others);
        queue.post(others);
    }

    @Actor
    public void taker(II_Result r) {
        queue.post(own);
        r.r1 = takeAll();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = takeAll();
    }

    private int takeAll() {
        int sum = 0;
        Event event = queue.takeAll();
        while (event != null) {
            sum += event == others ? 10 : 1;
            event = EventQueue.release(event);
        }
        return sum;
    }
}
