package io.ringway.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The device queues of one selector: which it polls, how long it spins for them, and how it sleeps on their doorbells.
 * Selecting thread, except where a method says otherwise.
 */
final class QueuePolling {
    private final Datapath datapath;
    private final RingwaySelector selector;
    private final UniqueList list;
    private final SpinWait wait;

    /** The selector's own lane, once it has a connection of ours. Written under this object's monitor. */
    private volatile @Nullable Lane own;

    private boolean ownListed;
    private boolean joined;
    private boolean asleep;
    private boolean bell;

    /** How many keys there are of channels in memory, which other threads make ready. */
    private final AtomicInteger inMemory = new AtomicInteger();

    QueuePolling(Datapath datapath, RingwaySelector selector) {
        this.datapath = datapath;
        this.selector = selector;
        long spin = datapath.settings().spinNanos();
        list = new UniqueList(spin);
        wait = new SpinWait(datapath, FirstWaits.ofSelector(spin));
    }

    UniqueList.Counters counters() {
        return list.counters;
    }

    /** The lane for connections that are registered with the selector; the common one if there can be no other. Any thread. */
    Lane lane() {
        Lane lane = own;
        return lane == null ? openLane() : lane;
    }

    private synchronized Lane openLane() {
        Lane lane = own;
        if (lane == null) {
            lane = datapath.takeLane();
            if (lane == null) {
                return datapath.commonLane();
            }
            try {
                DoorbellChannel.of(lane.queue.doorbell()).register(selector.inner(), SelectionKey.OP_READ, lane);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            lane.rest(System.nanoTime());
            lane.selectorSleeps = selector.isAsleep();
            own = lane;
            // The thread whose lane it is may not select for long.
            datapath.interrupts().traffic();
        }
        return lane;
    }

    /**
     * The selector's own queue is on its list: what the selecting thread finds when it polls came from a queue that is there,
     * and needs no {@link #noticed}, unless other selectors wait for the channel too.
     */
    boolean isOwnListed() {
        return ownListed;
    }

    /** An event of {@code key} was taken: its queue may belong onto the list. */
    void noticed(RingwayKey key, RingwayChannel source, long now) {
        if (source.isInMemory()) {
            wait.arrived(now);
        }
        if (!source.isAccelerated()) {
            return;
        }
        Lane mine = own;
        if (mine != null && !ownListed && mine.stack.connections() != 0) {
            ownListed = list.add(mine, true, key, now);
        }
        if (key.takeFresh()) {
            joined = true;
            if (source.isConnecting()) {
                // The answer goes to the stack that the attempt was made from.
                list.add(datapath.commonLane(), false, null, now);
            }
        }
        Lane interrupted = source.takeInterrupted();
        if (interrupted != null && interrupted != mine) {
            list.add(interrupted, false, key, now);
        }
        if (source.isShared()) {
            list.add(datapath.commonLane(), true, key, now);
        }
    }

    /** {@code key} is out of the selector. If it was a unique socket, another one of its queue takes over. */
    void gone(RingwayKey key, Set<SelectionKey> keys, long now) {
        Lane lane = list.socketGone(key);
        if (lane == null) {
            return;
        }
        for (SelectionKey other : keys) {
            RingwayChannel source = ((RingwayKey) other).source;
            if (other != key && source != null && source.lane() == lane) {
                list.takeOver(lane, (RingwayKey) other);
                return;
            }
        }
        if (lane != own) {
            list.remove(lane, now);
        }
    }

    /**
     * Polls for connections that came with the events taken last, if any did: what arrived between registration and this
     * selection waits at the stack that they came from, or on a queue that was not on the list yet.
     */
    boolean pollForJoined(long now) {
        if (!joined) {
            return false;
        }
        joined = false;
        datapath.commonLane().poll(now);
        poll(now);
        return true;
    }

    /** There is something to poll. */
    boolean isActive() {
        return !list.isEmpty();
    }

    /** Polls every queue on the list once. */
    void poll(long now) {
        if (list.isEmpty()) {
            return;
        }
        if (list.poll(now)) {
            wait.arrived(now);
        } else if (ownListed && !wait.isWaiting()) {
            dropIfUnused(now);
        }
    }

    private void dropIfUnused(long now) {
        Lane mine = own;
        if (mine != null && mine.stack.connections() == 0) {
            ownListed = false;
            list.remove(mine, now);
        }
    }

    /** Whether the wait goes on by polling: pauses and returns the time, or returns {@link SpinWait#SLEEP}. */
    long spin(long now) {
        return isActive() || inMemory.get() != 0 ? wait.pause(now) : SpinWait.SLEEP;
    }

    /** The wait is over. */
    void found() {
        wait.found();
    }

    /** A channel in memory was registered, by any thread, or left. */
    void inMemory(int more) {
        inMemory.getAndAdd(more);
    }

    /** The doorbell of the own lane rang. */
    void bellRang() {
        bell = true;
    }

    /**
     * The selector is going to sleep: arms its own queue and polls once more.
     *
     * @return when it must be awake again; {@code now} if something was there
     */
    long sleep(long now) {
        asleep = true;
        Lane mine = own;
        if (mine != null) {
            mine.selectorSleeps = true;
        }
        return list.isEmpty() ? Long.MAX_VALUE : list.sleep(mine, now);
    }

    /** The selector has slept, or wanted to. */
    void awake(long now) {
        if (asleep) {
            asleep = false;
            Lane mine = own;
            if (mine != null) {
                mine.selectorSleeps = false;
            }
            list.awake(bell ? mine : null);
            if (bell && !ownListed && mine != null) {
                mine.serve(now, true, false);
            }
            bell = false;
            if (!list.isEmpty()) {
                datapath.interrupts().traffic();
            }
        }
    }

    /** The selector closes. Its connections stay on the lane, which somebody else looks after. */
    synchronized void close() {
        wait.end();
        if (own != null) {
            list.clear(System.nanoTime());
            datapath.giveLane(own);
            own = null;
        }
    }
}
