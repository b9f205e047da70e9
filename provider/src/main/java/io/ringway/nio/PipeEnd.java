package io.ringway.nio;

import java.io.FileDescriptor;
import java.lang.invoke.VarHandle;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/**
 * What both ends of a pipe in memory have: one thread in a call at a time, a way to wait, and keys. The channels
 * themselves hold what their types force on them.
 */
final class PipeEnd implements ReadinessMirror.Source {
    /** Calls that transfer bytes. */
    final ReentrantLock lock = new ReentrantLock();

    private final AbstractSelectableChannel channel;
    private final int operation;
    private final BooleanSupplier ready;
    private final Datapath datapath;
    private final ChannelKeys keys = new ChannelKeys();
    private final ReadinessMirror mirror = new ReadinessMirror(this);
    private final Parking parking = new Parking();
    private final Parking.Condition condition = this::mayGoOn;
    /** Made by the first call that waits. Under the lock. */
    private @Nullable SpinWait spin;

    /**
     * The state of one end.
     *
     * @param operation of the interest set
     * @param ready whether that is ready; any thread
     */
    PipeEnd(AbstractSelectableChannel channel, int operation, BooleanSupplier ready, Datapath datapath) {
        this.channel = channel;
        this.operation = operation;
        this.ready = ready;
        this.datapath = datapath;
    }

    Datapath datapath() {
        return datapath;
    }

    private boolean mayGoOn() {
        return ready.getAsBoolean() || !channel.isOpen();
    }

    /** Waits until this end is ready or closed. False when the thread was interrupted. Lock held. */
    boolean await() {
        SpinWait s = spin;
        if (s == null) {
            s = new SpinWait(datapath);
            spin = s;
        }
        long now = System.nanoTime();
        while (!mayGoOn() && !Thread.currentThread().isInterrupted()) {
            long next = s.pause(now);
            if (next == SpinWait.SLEEP) {
                boolean holds = parking.await(condition, Long.MAX_VALUE);
                s.arrived(System.nanoTime());
                return holds;
            }
            now = next;
        }
        s.arrived(now);
        s.found();
        return mayGoOn();
    }

    /** This end may be ready, or has closed. Any thread. */
    void changed() {
        VarHandle.fullFence();
        parking.wake();
        for (RingwayKey key : keys.all()) {
            if (((key.interest() | key.inForce()) & operation) != 0) {
                key.channelChanged();
            }
        }
        mirror.changed();
    }

    @Override
    public int readiness() {
        return ready.getAsBoolean() ? operation : 0;
    }

    @Override
    public int readinessNow() {
        return readiness();
    }

    void registered(RingwayKey key) {
        keys.add(key);
        key.joined();
    }

    void deregistered(RingwayKey key) {
        keys.remove(key);
    }

    // A JDK selector's questions.

    FileDescriptor descriptor() {
        return mirror.descriptor();
    }

    int descriptorNumber() {
        return mirror.number();
    }

    int interest(int ops) {
        return mirror.interest(ops);
    }

    boolean translate(SelectionKeyImpl key, boolean update) {
        return mirror.translate(key, update);
    }

    /** The last selector has let go of the channel. */
    void kill() {
        mirror.close();
    }
}
