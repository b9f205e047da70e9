package io.ringway.nio;

import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;

/** A channel of this package as {@link RingwaySelector} sees it. A JDK selector sees the {@link SelChImpl}. */
interface RingwayChannel extends SelChImpl {
    /** In {@link #readiness}: a kernel socket in this state would be reported as hung up, with all that is wanted as ready. */
    int HUNG_UP = 1 << 30;

    /**
     * In {@link #readiness}, operations shifted left by so many bits: with interest in one of them a selection ends, though
     * the channel isn't in the state for it. The kernel has one event for several operations.
     */
    int NOISE = 8;

    /**
     * The operations that are ready without the inner selector's help: those of an accelerated connection or listener,
     * or of a channel that is on no path yet; with {@link #HUNG_UP} and {@link #NOISE}. May move the channel from one path
     * to another. Selecting thread.
     */
    int readiness();

    /** Whether a device queue feeds this channel. Any thread. */
    boolean isAccelerated();

    /** Whether other threads of this process make it ready, and nothing else does. Any thread. */
    default boolean isInMemory() {
        return false;
    }

    /** Whether a device queue is to bring the outcome of a connect. Any thread. */
    default boolean isConnecting() {
        return false;
    }

    /** Whether several selectors wait for this channel, so that it can be on the lane of none. Any thread. */
    boolean isShared();

    /** The lane that feeds this channel, one of several where it is a listener, or null. Any thread. */
    @Nullable
    Lane lane();

    /** Whether {@code lane} is one that feeds this channel. Any thread. */
    default boolean isFedBy(Lane lane) {
        return lane() == lane;
    }

    /** The lane whose packet the InterruptProcessor delivered for this channel since the last call, or null. Selecting thread. */
    @Nullable
    Lane takeInterrupted();

    /** {@code key} now stands for this channel. Called with the channel's registration lock held. */
    void registered(RingwayKey key);

    /** {@code key} stands for this channel no longer. Selecting thread. */
    void deregistered(RingwayKey key);
}
