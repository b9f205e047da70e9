package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final FakeQueue queue = new FakeQueue();
    private final Lane lane = queue.lane();

    @Test
    void theQueueIsArmedExceptWhileSomebodyPolls() {
        lane.rest(1);
        assertTrue(queue.armed);
        lane.enter();
        assertTrue(queue.armed, "nobody has polled yet");
        lane.poll(2);
        assertFalse(queue.armed);
        lane.enter();
        lane.leave(3);
        assertFalse(queue.armed, "one poller is left");
        lane.leave(4);
        assertTrue(queue.armed);
    }

    @Test
    void theLastPollerLooksOnceMoreAfterArming() {
        lane.enter();
        lane.poll(1);
        int before = queue.polls;
        assertEquals(Long.MAX_VALUE, lane.leave(2));
        assertTrue(queue.polls > before);
        lane.enter();
        queue.frames = 3;
        assertEquals(5, lane.leave(5), "there was something: look for events");
    }

    @Test
    void whoFindsTheStackOwnedComesBack() {
        assertTrue(lane.stack.tryOwn());
        assertEquals(-1, lane.poll(1));
        assertEquals(7, lane.serve(7, false, false));
        lane.stack.disown();
        assertEquals(0, lane.poll(2));
    }

    @Test
    void aVisitClearsTheBellAndArms() {
        queue.frames = 2;
        assertEquals(Long.MAX_VALUE, lane.serve(8, true, false));
        assertEquals(2, queue.polls, "until nothing comes");
        assertTrue(queue.armed);
        assertEquals(1, queue.bellsCleared);
    }

    @Test
    void aSinglePollLeavesAnArmedQueueArmed() {
        lane.rest(1);
        lane.poll(2);
        assertTrue(queue.armed);
    }

    @Test
    void aVisitWhileOthersPollLeavesTheQueueUnarmed() {
        lane.enter();
        lane.poll(1);
        lane.serve(2, false, false);
        assertFalse(queue.armed);
    }

    @Test
    void aVisitThatStandsInForPollersArmsTheQueueUntilOneIsBack() {
        lane.enter();
        lane.poll(1);
        int before = queue.told;
        lane.serve(2, false, true);
        assertTrue(queue.armed, "the doorbell rings while the poller is away");
        lane.poll(3);
        assertFalse(queue.armed);
        assertEquals(before + 1, queue.told, "somebody must look after the queue when the poller goes away again");
        lane.poll(4);
        assertEquals(before + 1, queue.told);
    }

    @Test
    void aVisitWithTicksDisarmsTheQueueOfPollers() {
        lane.enter();
        lane.serve(1, false, true);
        lane.serve(2, true, false);
        assertFalse(queue.armed);
    }

    @Test
    void aVisitThatComesTooLateLeavesTheBellToTheSelector() {
        lane.ofSelector = true;
        lane.enter();
        lane.poll(1);
        lane.selectorSleeps = true;
        lane.leave(2);
        lane.serve(3, true, true);
        assertEquals(1, queue.rings);
        lane.selectorSleeps = false;
        lane.serve(4, true, true);
        assertEquals(1, queue.rings);
    }

    @Test
    void aPollLooksForAFrameAsOftenAsItMay() {
        queue.emptyLooks = Integer.MAX_VALUE;
        assertEquals(0, lane.poll(1, 5));
        assertEquals(5, queue.looks);
        assertEquals(1, queue.polls, "and then does all else");
        lane.poll(2);
        assertEquals(5, queue.looks);
    }

    @Test
    void aPollTakesTheFrameThatItHasLookedFor() {
        queue.emptyLooks = 2;
        queue.lastLook = () -> queue.frames = 1;
        assertEquals(1, lane.poll(1, 5));
        assertEquals(3, queue.looks);
    }

    /** Who owns a stack does at once what others leave to it. */
    @Test
    void aRequestEndsTheLooks() {
        AtomicInteger performed = new AtomicInteger();
        queue.emptyLooks = 2;
        queue.lastLook = () -> lane.stack.submit(stack -> performed.getAndIncrement());
        assertEquals(1, lane.poll(1, 5));
        assertEquals(2, queue.looks);
        assertEquals(1, performed.get());
    }
}
