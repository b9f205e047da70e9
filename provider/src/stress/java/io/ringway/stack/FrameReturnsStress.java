package io.ringway.stack;

import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Frames go back to a stack that another thread owns now and then, in requests that are used again (M6). The value: the sum
 * of the frames that came home.
 */
@JCStressTest
@Outcome(id = "1111", expect = Expect.ACCEPTABLE, desc = "each came home once")
@Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, or came home twice")
@State
public class FrameReturnsStress {
    /** Two stacks that are used again and again. */
    private static final class Stacks {
        private static final ConcurrentLinkedQueue<Stacks> IDLE = new ConcurrentLinkedQueue<>();

        final NetworkStack home = stack();
        final NetworkStack elsewhere = stack();
        int sum;

        private NetworkStack stack() {
            return IdleQueue.stack(Arena.ofAuto().allocate(1 << 10), frame -> sum += (int) frame);
        }

        static Stacks take() {
            Stacks idle = IDLE.poll();
            return idle == null ? new Stacks() : idle;
        }
    }

    private final Stacks stacks = Stacks.take();

    @Actor
    public void reader() {
        give(1, 10);
        give(100, 1000);
    }

    private void give(int first, int second) {
        if (stacks.elsewhere.tryOwn()) {
            stacks.home.releaseReceived(first, stacks.elsewhere);
            stacks.home.releaseReceived(second, stacks.elsewhere);
            stacks.elsewhere.disown();
        }
    }

    @Actor
    public void owner() {
        for (int i = 0; i < 2; i++) {
            if (stacks.home.tryOwn()) {
                stacks.home.disown();
            }
        }
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = stacks.sum;
        stacks.sum = 0;
        Stacks.IDLE.add(stacks);
    }
}
