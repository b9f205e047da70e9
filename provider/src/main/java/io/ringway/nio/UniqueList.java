package io.ringway.nio;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The device queues that a selector busy-polls, one entry per queue, whatever the number of sockets behind it (M1).
 * Every entry has its <em>unique socket</em>, one of the sockets that the queue feeds: while one is there, the entry
 * stays. The entries of the selector's own queues are permanent otherwise; one for another's queue, made when a packet came
 * by interrupt (M2), goes when that queue has been silent for longer than the spin budget. Selecting thread.
 */
final class UniqueList {
    /** What it counts. Written by the selecting thread, read by anyone. */
    static final class Counters {
        long polls;
        long hits;
        long misses;
        long updates;
        int entries;
    }

    private static final class Entry {
        final Lane lane;
        boolean permanent;

        @Nullable
        RingwayKey uniqueSocket;

        long lastHit;

        Entry(Lane lane, boolean permanent, @Nullable RingwayKey uniqueSocket, long now) {
            this.lane = lane;
            this.permanent = permanent;
            this.uniqueSocket = uniqueSocket;
            this.lastHit = now;
        }
    }

    final Counters counters = new Counters();
    private final long patience;
    private Entry[] entries = new Entry[0];
    private long lookedForSilence;

    /**
     * Makes an empty list. {@code patience}: the silence, in nanoseconds, after which a queue of others' goes, at the latest
     * after as much again.
     */
    UniqueList(long patience) {
        this.patience = patience;
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    boolean contains(Lane lane) {
        return find(lane) != null;
    }

    private @Nullable Entry find(Lane lane) {
        for (Entry e : entries) {
            if (e.lane == lane) {
                return e;
            }
        }
        return null;
    }

    /**
     * Makes an entry for {@code lane} with {@code socket}, unless there is one. True if it is new.
     *
     * @param permanent it stays when the queue is silent, from now on where there is one
     * @param socket null for none: then the entry goes only when the queue is silent
     */
    boolean add(Lane lane, boolean permanent, @Nullable RingwayKey socket, long now) {
        Entry known = find(lane);
        if (known != null) {
            if (permanent && !known.permanent) {
                known.permanent = true;
                known.uniqueSocket = socket;
            }
            return false;
        }
        if (entries.length == 0) {
            lookedForSilence = now;
        }
        entries = Arrays.copyOf(entries, entries.length + 1);
        entries[entries.length - 1] = new Entry(lane, permanent, socket, now);
        changed();
        lane.enter();
        return true;
    }

    /**
     * {@code socket} is gone. Returns the lane of an entry that needs another one, if it was some entry's unique socket;
     * ask again then, it may have been another's too.
     */
    @Nullable
    Lane socketGone(RingwayKey socket) {
        for (Entry e : entries) {
            if (e.uniqueSocket == socket) {
                e.uniqueSocket = null;
                return e.lane;
            }
        }
        return null;
    }

    /** Another socket of that queue takes over. */
    void takeOver(Lane lane, RingwayKey socket) {
        Entry e = find(lane);
        if (e != null) {
            e.uniqueSocket = socket;
            counters.updates++;
        }
    }

    /** Takes the entry of {@code lane} out. The caller looks for events afterwards. */
    void remove(Lane lane, long now) {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i].lane == lane) {
                removeAt(i);
                lane.leave(now);
                return;
            }
        }
    }

    private void removeAt(int i) {
        Entry[] fewer = new Entry[entries.length - 1];
        System.arraycopy(entries, 0, fewer, 0, i);
        System.arraycopy(entries, i + 1, fewer, i, fewer.length - i);
        entries = fewer;
        changed();
    }

    private void changed() {
        counters.updates++;
        counters.entries = entries.length;
    }

    /**
     * Polls every queue once. Returns whether anything was there.
     *
     * @param looks how often to look for a frame first, where there is only one queue
     */
    boolean poll(long now, int looks) {
        boolean hit = false;
        Counters c = counters;
        int each = entries.length == 1 ? looks : 0;
        for (Entry e : entries) {
            c.polls++;
            if (e.lane.poll(now, each) > 0) {
                c.hits++;
                e.lastHit = now;
                hit = true;
            } else {
                c.misses++;
            }
        }
        if (now - lookedForSilence > patience) {
            lookedForSilence = now;
            dropSilent(now);
        }
        return hit;
    }

    private void dropSilent(long now) {
        for (int i = entries.length - 1; i >= 0; i--) {
            Entry e = entries[i];
            if (!e.permanent && now - e.lastHit > patience) {
                removeAt(i);
                e.lane.leave(now);
            }
        }
    }

    /**
     * The selector goes to sleep: all queues are left, and those of others', where they aren't permanent, go. Returns
     * the first deadline of {@code own}, the selector's own ones, or {@code now} if something was there: then look for
     * events instead of sleeping.
     */
    long sleep(Lane[] own, long now) {
        long deadline = Long.MAX_VALUE;
        for (int i = entries.length - 1; i >= 0; i--) {
            Entry e = entries[i];
            long next = e.lane.leave(now);
            if (next == now || isAmong(own, e.lane)) {
                deadline = Math.min(deadline, next);
            }
            if (!e.permanent) {
                removeAt(i);
            }
        }
        return deadline;
    }

    private static boolean isAmong(Lane[] lanes, Lane lane) {
        for (Lane each : lanes) {
            if (each == lane) {
                return true;
            }
        }
        return false;
    }

    /** The selector is awake again, and clears the doorbells that {@linkplain Lane#rang rang} for it. */
    void awake() {
        for (Entry e : entries) {
            boolean rang = e.lane.rang;
            if (rang) {
                e.lane.rang = false;
            }
            e.lane.awake(rang);
        }
    }

    /** All entries go: the selector closes. */
    void clear(long now) {
        for (Entry e : entries) {
            Objects.requireNonNull(e.lane).leave(now);
        }
        entries = new Entry[0];
        changed();
    }
}
