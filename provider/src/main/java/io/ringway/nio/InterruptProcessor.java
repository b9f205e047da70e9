package io.ringway.nio;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread per process that looks after the device queues that nobody polls (M2). It sleeps on the doorbells of lanes
 * that belong to no selector: those of blocking channels, of listeners, and of connections that were not registered
 * yet. While there is traffic it also looks, a hundred times a second, for lanes whose pollers have been away, so that
 * acknowledgments, window updates and connection set-up go on while a program computes. Without traffic it sleeps.
 */
final class InterruptProcessor implements Runnable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    /** A poller that was not seen for this long is stood in for. */
    private static final long AWAY = TimeUnit.MILLISECONDS.toNanos(5);
    /** After this long without traffic the ticks stop. */
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    /** Between two looks whether the selector has let go of a descriptor. */
    private static final long LET_GO = 10_000;

    private final Datapath datapath;
    private final Selector bells;
    private final Consumer<SelectionKey> bellRang = new BellRang();
    private @Nullable Thread thread;

    /** Doesn't tick: whoever starts traffic says so. */
    private volatile boolean dozing;

    private volatile boolean ending;

    private long now;
    private long lastTraffic;

    InterruptProcessor(Datapath datapath) throws IOException {
        this.datapath = datapath;
        this.bells = KernelProvider.JDK.openSelector();
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

    /** There is traffic on a lane. Any thread; costs next to nothing while this thread ticks anyway. */
    void traffic() {
        if (dozing) {
            dozing = false;
            bells.wakeup();
        }
    }

    @Override
    public void run() {
        lastTraffic = System.nanoTime();
        while (true) {
            try {
                round();
            } catch (IOException | RuntimeException e) {
                datapath.trouble("interrupt processor", e);
            } catch (OutOfMemoryError e) {
                // Somebody else may see to it that there is memory again; without this thread, all would hang for ever.
                datapath.statistics().trouble("interrupt processor: no heap memory");
            }
        }
    }

    private void round() throws IOException {
        now = System.nanoTime();
        long next = lookAround();
        boolean tick = now - lastTraffic < QUIET;
        if (tick) {
            next = Math.min(next, now + TICK);
        } else if (!dozing) {
            dozing = true;
            // Somebody may have started in between without knowing that a word is needed.
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
                if (now - lane.polledAt() > AWAY && lane.stack.connections() != 0) {
                    lane.serve(now, false);
                }
            } else if (!lane.ofSelector) {
                next = Math.min(next, lane.serve(now, false));
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
            if (!lane.ofSelector) {
                now = System.nanoTime();
                if (lane.serve(now, true) == now) {
                    lastTraffic = now;
                }
            } else {
                // A selector has taken the lane, and the bell with it.
                key.interestOps(0);
            }
        }
    }
}
