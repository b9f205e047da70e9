package io.ringway.nio;

import io.ringway.PathReason;
import java.nio.channels.NetworkChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToLongFunction;

/** What the channels of a process count. Any thread. */
final class Statistics {
    private final AtomicLongArray connections = new AtomicLongArray(PathReason.values().length);
    private final AtomicLong wakeUps = new AtomicLong();
    private final WeakSet<RingwaySelector> selectors = new WeakSet<>();
    private final WeakSet<NetworkChannel> channels = new WeakSet<>();
    /** Guarded by itself. */
    private final UniqueList.Counters closed = new UniqueList.Counters();

    private volatile String lastTrouble = "";

    /** A connection was opened or accepted. */
    void connected(PathReason reason) {
        connections.incrementAndGet(reason.ordinal());
    }

    long connections(PathReason reason) {
        return connections.get(reason.ordinal());
    }

    void wokenUp() {
        wakeUps.incrementAndGet();
    }

    /** System calls made to wake a selector. */
    long wakeUps() {
        return wakeUps.get();
    }

    void opened(RingwaySelector selector) {
        selectors.add(selector);
    }

    void closed(RingwaySelector selector) {
        if (selectors.remove(selector)) {
            synchronized (closed) {
                UniqueList.Counters c = selector.uniqueListCounters();
                closed.polls += c.polls;
                closed.hits += c.hits;
                closed.misses += c.misses;
                closed.updates += c.updates;
            }
        }
    }

    /** A counter of the lists of all selectors that are closed. */
    long closedLists(ToLongFunction<UniqueList.Counters> counter) {
        synchronized (closed) {
            return counter.applyAsLong(closed);
        }
    }

    List<RingwaySelector> selectors() {
        return selectors.all();
    }

    /** A channel that is bound, connecting or connected, for listings. */
    void add(NetworkChannel channel) {
        channels.add(channel);
    }

    void remove(NetworkChannel channel) {
        channels.remove(channel);
    }

    List<NetworkChannel> channels() {
        return channels.all();
    }

    void trouble(String what) {
        lastTrouble = what;
    }

    /** The last thing that went wrong without a caller to tell, or an empty text. */
    String lastTrouble() {
        return lastTrouble;
    }
}
