package io.ringway.nio;

import io.ringway.nic.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The device queues of one selector: which it polls, how long it spins for them, and how it sleeps on their doorbells.
 * Selecting thread, except where a method says otherwise.
 */
final class QueuePolling {
    private static final Lane[] NONE = {};

    private final Datapath datapath;
    private final RingwaySelector selector;
    private final UniqueList list;
    private final SpinWait wait;

    /**
     * The selector's own lanes, one for each port that it has had a connection of, and most often one at most. Written
     * under this object's monitor; the array is replaced, not changed.
     */
    private volatile Lane[] own = NONE;

    /** How many of them are on the list. */
    private int listed;

    private boolean joined;
    private boolean asleep;

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

    /**
     * The lane for connections over {@code port} that are registered with the selector; the common one of that port if
     * there can be no other. Any thread.
     */
    Lane lane(Port port) {
        Lane lane = find(port);
        return lane == null ? openLane(port) : lane;
    }

    private @Nullable Lane find(Port port) {
        for (Lane lane : own) {
            if (lane.port == port) {
                return lane;
            }
        }
        return null;
    }

    private synchronized Lane openLane(Port port) {
        Lane lane = find(port);
        if (lane == null) {
            lane = datapath.takeLane(port);
            if (lane == null) {
                return datapath.commonLane(port);
            }
            try {
                DoorbellChannel.of(lane.queue.doorbell()).register(selector.inner(), SelectionKey.OP_READ, lane);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            lane.rest(System.nanoTime());
            lane.selectorSleeps = selector.isAsleep();
            Lane[] more = Arrays.copyOf(own, own.length + 1);
            more[own.length] = lane;
            own = more;
            // The thread whose lane it is may not select for long.
            datapath.interrupts().traffic();
        }
        return lane;
    }

    /**
     * The selector's own queues are on its list: what the selecting thread finds when it polls came from a queue that is
     * there, and needs no {@link #noticed}, unless other selectors wait for the channel too.
     */
    boolean isOwnListed() {
        return listed != 0 && listed == own.length;
    }

    /** An event of {@code key} was taken: its queue may belong onto the list. */
    void noticed(RingwayKey key, RingwayChannel source, long now) {
        if (source.isInMemory()) {
            wait.arrived(now);
        }
        if (!source.isAccelerated()) {
            return;
        }
        Lane[] mine = own;
        if (listed != mine.length) {
            listOwn(mine, key, now);
        }
        if (key.takeFresh()) {
            joined = true;
            if (source.isConnecting()) {
                // The answer goes to the stack that the attempt was made from.
                addCommon(source, false, null, now);
            }
        }
        Lane interrupted = source.takeInterrupted();
        if (interrupted != null && find(interrupted.port) != interrupted) {
            list.add(interrupted, false, key, now);
        }
        if (source.isShared()) {
            addCommon(source, true, key, now);
        }
    }

    /** Puts the own lanes that have connections onto the list. */
    private void listOwn(Lane[] mine, RingwayKey key, long now) {
        int count = 0;
        for (Lane lane : mine) {
            if (!lane.listed && lane.stack.connections() != 0) {
                lane.listed = true;
                list.add(lane, true, key, now);
            }
            count += lane.listed ? 1 : 0;
        }
        listed = count;
    }

    /** The common lane of the channel's port. */
    private void addCommon(RingwayChannel source, boolean permanent, @Nullable RingwayKey socket, long now) {
        Lane lane = source.lane();
        if (lane != null) {
            list.add(datapath.commonLane(lane.port), permanent, socket, now);
        }
    }

    /** {@code key} is out of the selector. If it was a unique socket, another one of its queue takes over. */
    void gone(RingwayKey key, Set<SelectionKey> keys, long now) {
        for (Lane lane = list.socketGone(key); lane != null; lane = list.socketGone(key)) {
            RingwayKey next = another(key, keys, lane);
            if (next != null) {
                list.takeOver(lane, next);
            } else if (find(lane.port) != lane) {
                list.remove(lane, now);
            }
        }
    }

    private static @Nullable RingwayKey another(RingwayKey key, Set<SelectionKey> keys, Lane lane) {
        for (SelectionKey other : keys) {
            RingwayChannel source = ((RingwayKey) other).source;
            if (other != key && source != null && source.isFedBy(lane)) {
                return (RingwayKey) other;
            }
        }
        return null;
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
        for (Lane common : datapath.commonLanes()) {
            common.poll(now);
        }
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
        if (list.poll(now, wait.looks())) {
            wait.arrived(now);
        } else if (listed != 0 && !wait.isWaiting()) {
            dropIfUnused(now);
        }
    }

    private void dropIfUnused(long now) {
        for (Lane lane : own) {
            if (lane.listed && lane.stack.connections() == 0) {
                lane.listed = false;
                listed--;
                list.remove(lane, now);
            }
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

    /**
     * The selector is going to sleep: arms its own queues and polls once more.
     *
     * @return when it must be awake again; {@code now} if something was there
     */
    long sleep(long now) {
        asleep = true;
        Lane[] mine = own;
        for (Lane lane : mine) {
            lane.selectorSleeps = true;
        }
        return list.isEmpty() ? Long.MAX_VALUE : list.sleep(mine, now);
    }

    /** The selector has slept, or wanted to. */
    void awake(long now) {
        if (asleep) {
            asleep = false;
            Lane[] mine = own;
            for (Lane lane : mine) {
                lane.selectorSleeps = false;
            }
            list.awake();
            for (Lane lane : mine) {
                if (lane.rang) {
                    // It is not on the list.
                    lane.rang = false;
                    lane.serve(now, true, false);
                }
            }
            if (!list.isEmpty()) {
                datapath.interrupts().traffic();
            }
        }
    }

    /** The selector closes. Its connections stay on the lanes, which somebody else looks after. */
    synchronized void close() {
        wait.end();
        if (!list.isEmpty()) {
            list.clear(System.nanoTime());
        }
        for (Lane lane : own) {
            datapath.giveLane(lane);
        }
        own = NONE;
        listed = 0;
    }
}
