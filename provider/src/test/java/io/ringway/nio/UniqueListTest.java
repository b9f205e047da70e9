package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UniqueListTest {
    private static final long PATIENCE = 1_000;

    private final UniqueList list = new UniqueList(PATIENCE);
    private final FakeQueue own = new FakeQueue();
    private final FakeQueue other = new FakeQueue();
    private final Lane ownLane = own.lane();
    private final Lane otherLane = other.lane();

    @Test
    void manySocketsOfOneQueueAreOneEntryAndOnePoll() throws Exception {
        RingwayKey[] keys = Keys.some(50);
        for (RingwayKey key : keys) {
            list.add(ownLane, true, key, 0);
        }
        assertEquals(1, list.counters.entries);
        own.polls = 0;
        assertFalse(list.poll(1, 0));
        assertEquals(1, own.polls);
        assertEquals(1, list.counters.misses);
        own.frames = 1;
        assertTrue(list.poll(2, 0));
        assertEquals(1, list.counters.hits);
        assertEquals(2, list.counters.polls);
    }

    @Test
    void aQueueOfOthersGoesWhenItIsSilentForLonger() throws Exception {
        RingwayKey[] keys = Keys.some(2);
        list.add(ownLane, true, keys[0], 0);
        list.add(otherLane, false, keys[1], 0);
        other.frames = 1;
        list.poll(500, 0);
        list.poll(500 + PATIENCE, 0);
        assertTrue(list.contains(otherLane));
        list.poll(501 + 2 * PATIENCE, 0);
        assertFalse(list.contains(otherLane));
        assertTrue(other.armed, "somebody else sleeps on it now");
        list.poll(100 * PATIENCE, 0);
        assertTrue(list.contains(ownLane));
        assertFalse(own.armed);
    }

    @Test
    void whenAUniqueSocketGoesAnotherTakesOver() throws Exception {
        RingwayKey[] keys = Keys.some(3);
        list.add(ownLane, true, keys[0], 0);
        assertNull(list.socketGone(keys[1]));
        assertSame(ownLane, list.socketGone(keys[0]));
        list.takeOver(ownLane, keys[2]);
        assertNull(list.socketGone(keys[0]));
        assertSame(ownLane, list.socketGone(keys[2]));
        list.remove(ownLane, 1);
        assertTrue(list.isEmpty());
        assertTrue(own.armed);
    }

    /** A connect is answered on the common queue: polled for as long as answers come, whoever they are for. */
    @Test
    void anEntryWithoutASocketGoesBySilenceAlone() throws Exception {
        RingwayKey[] keys = Keys.some(1);
        list.add(otherLane, false, null, 0);
        assertFalse(list.add(otherLane, false, null, 1));
        assertNull(list.socketGone(keys[0]));
        list.poll(PATIENCE, 0);
        assertTrue(list.contains(otherLane));
        list.poll(1 + PATIENCE, 0);
        assertTrue(list.isEmpty());
        assertTrue(other.armed);
    }

    /** A queue that was on the list for a connect stays for a channel that several selectors wait for, until that goes. */
    @Test
    void anEntryThatIsWantedForGoodStays() throws Exception {
        RingwayKey shared = Keys.some(1)[0];
        list.add(otherLane, false, null, 0);
        assertFalse(list.add(otherLane, true, shared, 1));
        list.poll(100 * PATIENCE, 0);
        assertTrue(list.contains(otherLane));
        assertSame(otherLane, list.socketGone(shared));
    }

    @Test
    void beforeSleepEveryQueueIsArmedAndTheDeadlineIsTheOwnOnes() throws Exception {
        RingwayKey[] keys = Keys.some(2);
        list.add(ownLane, true, keys[0], 0);
        list.add(otherLane, false, keys[1], 0);
        list.poll(1, 0);
        assertEquals(Long.MAX_VALUE, list.sleep(new Lane[] {ownLane}, 2));
        assertTrue(own.armed);
        assertTrue(other.armed);
        assertFalse(list.contains(otherLane));
        ownLane.rang = true;
        list.awake();
        assertFalse(ownLane.rang);
        assertEquals(1, own.bellsCleared);
        list.poll(3, 0);
        assertFalse(own.armed);
    }

    /** One for each port. */
    @Test
    void aSelectorSleepsOnAllQueuesOfItsOwn() throws Exception {
        RingwayKey[] keys = Keys.some(2);
        Lane[] both = {ownLane, otherLane};
        list.add(ownLane, true, keys[0], 0);
        list.add(otherLane, true, keys[1], 0);
        list.poll(1, 0);
        assertEquals(Long.MAX_VALUE, list.sleep(both, 2));
        assertTrue(own.armed && other.armed);
        otherLane.rang = true;
        list.awake();
        assertEquals(0, own.bellsCleared);
        assertEquals(1, other.bellsCleared);
        list.poll(3, 0);
        assertFalse(own.armed || other.armed);
        other.frames = 1;
        assertEquals(4, list.sleep(both, 4), "look for events");
    }

    @Test
    void aSocketCanBeTheOneOfSeveralEntries() throws Exception {
        RingwayKey key = Keys.some(1)[0];
        list.add(ownLane, true, key, 0);
        list.add(otherLane, false, key, 0);
        assertSame(ownLane, list.socketGone(key));
        assertSame(otherLane, list.socketGone(key));
        assertNull(list.socketGone(key));
    }

    @Test
    void whatComesWhileGoingToSleepKeepsTheSelectorAwake() throws Exception {
        list.add(ownLane, true, Keys.some(1)[0], 0);
        list.poll(1, 0);
        own.frames = 1;
        assertEquals(2, list.sleep(new Lane[] {ownLane}, 2));
    }

    @Test
    void changesAreCounted() throws Exception {
        RingwayKey[] keys = Keys.some(2);
        list.add(ownLane, true, keys[0], 0);
        list.socketGone(keys[0]);
        list.takeOver(ownLane, keys[1]);
        list.remove(ownLane, 1);
        assertEquals(3, list.counters.updates);
        assertEquals(0, list.counters.entries);
    }
}
