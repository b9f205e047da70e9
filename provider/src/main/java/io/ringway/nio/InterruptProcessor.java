package io.ringway.nio;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread per process that looks after the device queues that nobody polls (M2). It sleeps on the doorbells of lanes
 * that belong to no selector: those of blocking channels, of listeners, and of connections that were not registered
 * yet. While there is traffic it also looks, a hundred times a second, for lanes whose pollers have been away, so that
 * acknowledgments, window updates and connection set-up go on while a program computes. Without traffic it sleeps, on
 * the doorbells of those lanes too. It goes on with attempts to connect that nobody else goes on with.
 */
final class InterruptProcessor implements Runnable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    /** A poller that was not seen for this long is stood in for. */
    private static final long AWAY = TimeUnit.MILLISECONDS.toNanos(5);
    /** After this long without traffic the ticks stop, as soon as every queue is armed. */
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    /** Between two looks whether the selector has let go of a descriptor. */
    private static final long LET_GO = 10_000;

    private final Datapath datapath;
    private final Selector bells;
    private final Queue<PathObserver> stuck = new ConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> bellRang = new BellRang();
    private @Nullable Thread thread;

    /** Goes without ticks: whoever starts traffic, or disarms a queue, says so. */
    private volatile boolean dozing;

    private volatile boolean ending;

    // This thread only.
    private boolean goesWithoutTicks;
    private long now;
    private long lastTraffic;
    private long toldAt;

    InterruptProcessor(Datapath datapath) throws IOException {
        this.datapath = datapath;
        this.bells = KernelProvider.JDK.openSelector();
    }

    /** It was not started, and will not be. */
    void discard() {
        try {
            bells.close();
        } catch (IOException e) {
            datapath.trouble("a selector without a thread", e);
        }
    }

    synchronized void start() {
        if (thread == null) {
            Thread t = new Thread(null, this, "ringway-interrupts", 0, false);
            t.setDaemon(true);
            thread = t;
            t.start();
        }
    }

    /** Whether the caller is this thread: what it delivers comes by interrupt. */
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Sleeps on this lane's doorbell too, from now on. Any thread. */
    synchronized void attend(Lane lane) throws IOException {
        SelectionKey key = lane.bell;
        if (key == null) {
            lane.bell = DoorbellChannel.of(lane.queue.doorbell()).register(bells, SelectionKey.OP_READ, lane);
        } else {
            key.interestOps(SelectionKey.OP_READ);
        }
        bells.wakeup();
    }

    /** Leaves the doorbell of a selector's lane to the selector. */
    private synchronized void leave(Lane lane) {
        SelectionKey key = lane.bell;
        if (key != null && key.interestOps() != 0 && lane.ofSelector) {
            key.interestOps(0);
        }
    }

    private synchronized boolean isAttended(Lane lane) {
        SelectionKey key = lane.bell;
        return key != null && key.interestOps() != 0;
    }

    /** Told, once per {@link Watched#again()}, that a descriptor is readable. */
    interface Watch {
        void readable();
    }

    /** A descriptor that is watched for somebody. */
    final class Watched {
        private final DoorbellChannel channel;
        private final SelectionKey key;

        Watched(int descriptor, Watch watch) throws IOException {
            channel = DoorbellChannel.of(descriptor);
            key = channel.register(bells, 0, new WeakReference<>(watch));
        }

        /** Asks for the next time that the descriptor is readable. */
        void again() {
            if (key.isValid() && key.interestOps() == 0) {
                key.interestOps(SelectionKey.OP_READ);
                bells.wakeup();
            }
        }

        /** Ends the watch, before the descriptor is closed. Returns when the selector has let go of it. */
        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                datapath.trouble("end of a watch", e);
            }
            while (channel.isRegistered()) {
                bells.wakeup();
                LockSupport.parkNanos(LET_GO);
            }
        }
    }

    /** Watches a descriptor of somebody else's, as long as somebody keeps {@code watch}. Any thread. */
    Watched watch(int descriptor, Watch watch) throws IOException {
        return new Watched(descriptor, watch);
    }

    /** Has {@code observer} look after an attempt to connect, soon, in this thread. Any thread. */
    void look(PathObserver observer) {
        stuck.add(observer);
        bells.wakeup();
    }

    /** There is traffic on a lane, or a poller. Any thread; costs next to nothing while this thread ticks anyway. */
    void traffic() {
        if (dozing) {
            dozing = false;
            bells.wakeup();
        }
    }

    @Override
    public void run() {
        lastTraffic = System.nanoTime();
        toldAt = lastTraffic;
        while (true) {
            try {
                round();
            } catch (IOException | RuntimeException e) {
                datapath.trouble("interrupt processor", e);
            } catch (OutOfMemoryError e) {
                // Somebody else may see to it that there is memory again; without this thread, all would hang for ever.
                datapath.statistics().trouble("interrupt processor: no heap memory");
            } catch (Error e) {
                datapath.trouble("interrupt processor", e);
            }
        }
    }

    private void round() throws IOException {
        now = System.nanoTime();
        if (goesWithoutTicks && !dozing) {
            toldAt = now;
        }
        // After a word there is a tick in any case: others who wake up at about the same time need no word then.
        goesWithoutTicks = now - lastTraffic >= QUIET && now - toldAt >= TICK;
        // What has started before this is seen by the look that follows.
        dozing = goesWithoutTicks;
        for (PathObserver observer = stuck.poll(); observer != null; observer = stuck.poll()) {
            observer.look();
        }
        long next = lookAround();
        if (now - lastTraffic < QUIET) {
            goesWithoutTicks = false;
            dozing = false;
        }
        if (!goesWithoutTicks) {
            next = Math.min(next, now + TICK);
        }
        sleep(next);
    }

    /**
     * The process is about to end, and this thread goes on without sleeping in the kernel: a JVM gives threads that are
     * there 300 ms to come back before it exits. Any thread.
     */
    void ending() {
        ending = true;
        bells.wakeup();
    }

    private void sleep(long until) throws IOException {
        if (ending) {
            LockSupport.parkNanos(Math.min(TICK / 10, until - now));
            bells.selectNow(bellRang);
            return;
        }
        if (until == Long.MAX_VALUE) {
            bells.select(bellRang);
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(until - now + TimeUnit.MILLISECONDS.toNanos(1) - 1);
        if (millis <= 0) {
            Thread.yield();
            bells.selectNow(bellRang);
        } else {
            bells.select(bellRang, millis);
        }
    }

    /** Visits the lanes that need it. Returns when the next visit is due. */
    private long lookAround() {
        long next = Long.MAX_VALUE;
        for (Lane lane : datapath.lanes()) {
            if (isElsewhere(lane)) {
                next = Math.min(next, standIn(lane));
            } else if (lane.ofSelector) {
                leave(lane);
            } else {
                next = Math.min(next, lane.serve(now, false, false));
            }
            noteTraffic(lane);
        }
        return next;
    }

    /**
     * The lane is somebody's who is awake, and who may be computing. That can be a selector that doesn't poll it yet: its
     * first connection was registered a moment ago. One that sleeps is woken by the doorbell.
     */
    private static boolean isElsewhere(Lane lane) {
        return lane.hasPollers() || lane.ofSelector && !lane.selectorSleeps;
    }

    /**
     * Does the work of pollers that are away: with every tick, or, where the ticks are going to stop, whenever the
     * doorbell rings. Returns when the next visit is due, apart from the ticks.
     */
    private long standIn(Lane lane) {
        boolean away = now - lane.polledAt() > AWAY;
        if (!away || !goesWithoutTicks) {
            leave(lane);
            if (away && lane.stack.connections() != 0) {
                lane.serve(now, false, false);
            }
            // Who polls would disarm the queue at once: the ticks go on until that has an end.
            return goesWithoutTicks ? now + TICK : Long.MAX_VALUE;
        }
        // What rang before, nobody has heard; this visit sees to it.
        boolean begins = lane.ofSelector && !isAttended(lane);
        if (begins && !tryAttend(lane)) {
            return now + TICK;
        }
        long next = lane.serve(now, begins, true);
        return next == now ? now + TICK : next;
    }

    private boolean tryAttend(Lane lane) {
        try {
            attend(lane);
            return true;
        } catch (IOException e) {
            datapath.trouble("no doorbell", e);
            return false;
        }
    }

    private void noteTraffic(Lane lane) {
        long traffic = lane.traffic();
        if (traffic != lane.trafficSeen) {
            lane.trafficSeen = traffic;
            lastTraffic = now;
        }
    }

    /** Called for every doorbell that rang. */
    private final class BellRang implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey key) {
            if (key.attachment() instanceof WeakReference<?> watcher) {
                key.interestOps(0);
                if (watcher.get() instanceof Watch watch) {
                    watch.readable();
                }
                return;
            }
            Lane lane = (Lane) key.attachment();
            if (lane.ofSelector && !isElsewhere(lane)) {
                // Its selector sleeps on it, and hears the bell.
                leave(lane);
                return;
            }
            now = System.nanoTime();
            if (lane.serve(now, true, goesWithoutTicks) == now) {
                lastTraffic = now;
            }
        }
    }
}
