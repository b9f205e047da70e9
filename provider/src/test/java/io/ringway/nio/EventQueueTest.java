package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nio.EventQueue.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventQueueTest {
    private final EventQueue queue = new EventQueue();

    @Test
    void anEventIsInTheQueueAtMostOnce() {
        Event a = new Event(null);
        Event b = new Event(null);
        assertTrue(queue.isEmpty());
        assertTrue(queue.post(a));
        assertFalse(queue.post(a));
        assertTrue(queue.post(b));
        assertFalse(queue.post(a));
        assertFalse(queue.isEmpty());
        assertEquals(2, takeAll().size());
        assertTrue(queue.isEmpty());
        assertNull(queue.takeAll());
        assertTrue(queue.post(a));
        assertEquals(List.of(a), takeAll());
    }

    @Test
    void anEventCanBePostedAgainFromItsRelease() {
        Event a = new Event(null);
        Event b = new Event(null);
        queue.post(a);
        queue.post(b);
        Event first = queue.takeAll();
        assertFalse(queue.post(a), "taken, but not released");
        Event second = EventQueue.release(first);
        assertTrue(queue.post(first));
        assertFalse(queue.post(second));
        assertNull(EventQueue.release(second));
        assertEquals(List.of(first), takeAll());
    }

    private List<Event> takeAll() {
        List<Event> all = new ArrayList<>();
        Event e = queue.takeAll();
        while (e != null) {
            all.add(e);
            e = EventQueue.release(e);
        }
        return all;
    }

    /** Every poster changes its state and posts; the taker must see the last state of each without a further event. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void noChangeIsLost() throws Exception {
        int sources = 4;
        int changes = 200_000;
        Event[] events = new Event[sources];
        int[] seen = new int[sources];
        AtomicInteger[] states = new AtomicInteger[sources];
        Thread[] posters = new Thread[sources];
        for (int i = 0; i < sources; i++) {
            int source = i;
            events[i] = new Event(null);
            states[i] = new AtomicInteger();
            posters[i] = new Thread(() -> {
                for (int n = 1; n <= changes; n++) {
                    states[source].setRelease(n);
                    queue.post(events[source]);
                }
            });
        }
        for (Thread poster : posters) {
            poster.start();
        }
        while (!finished(seen, changes)) {
            Event e = queue.takeAll();
            while (e != null) {
                Event next = EventQueue.release(e);
                for (int i = 0; i < sources; i++) {
                    if (events[i] == e) {
                        seen[i] = states[i].getAcquire();
                    }
                }
                e = next;
            }
            Thread.onSpinWait();
        }
        for (Thread poster : posters) {
            poster.join();
        }
        assertTrue(takeAll().size() <= sources);
    }

    private static boolean finished(int[] seen, int changes) {
        for (int n : seen) {
            if (n < changes) {
                return false;
            }
        }
        return true;
    }
}
