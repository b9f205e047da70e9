package io.ringway.nio;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The events of one selector: keys of which the readiness may have changed. Any thread posts, the selecting thread
 * takes. A key is in the queue at most once, however often it is posted (M8), so the links are in the events and
 * posting allocates nothing.
 *
 * <p>No event is lost: the poster changes the readiness first, fences, and looks at the link of the event after; the
 * taker exchanges the link first and looks at the readiness after.
 */
final class EventQueue {
    private static final AtomicReferenceFieldUpdater<EventQueue, Event> HEAD =
            AtomicReferenceFieldUpdater.newUpdater(EventQueue.class, Event.class, "head");
    private static final AtomicReferenceFieldUpdater<Event, Event> NEXT =
            AtomicReferenceFieldUpdater.newUpdater(Event.class, Event.class, "next");

    /** Ends the list, so that the last event of a queue is told from one outside of it. */
    private static final Event END = new Event(null);

    /** The one event that a key can have. */
    static final class Event {
        final @Nullable RingwayKey key;

        /** Null outside of a queue. */
        @SuppressWarnings("unused") // through NEXT
        private volatile @Nullable Event next;

        Event(@Nullable RingwayKey key) {
            this.key = key;
        }
    }

    private volatile Event head = END;

    /**
     * Posts {@code event} unless it is in the queue already.
     *
     * @return false if it was
     */
    boolean post(Event event) {
        VarHandle.fullFence();
        if (event.next != null || !NEXT.compareAndSet(event, null, END)) {
            return false;
        }
        Event first;
        do {
            first = head;
            NEXT.lazySet(event, first);
        } while (!HEAD.compareAndSet(this, first, event));
        return true;
    }

    boolean isEmpty() {
        return head == END;
    }

    /** Takes all events, newest first, or null when there are none. Walk them with {@link #release}. Selecting thread. */
    @Nullable
    Event takeAll() {
        if (head == END) {
            return null;
        }
        Event first = HEAD.getAndSet(this, END);
        return first == END ? null : first;
    }

    /** Lets {@code event} be posted again. Look at the readiness after, not before. Returns its successor, if any. */
    static @Nullable Event release(Event event) {
        Event next = NEXT.getAndSet(event, null);
        return next == END ? null : next;
    }
}
