package io.ringway.nio;

import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;

/** A channel of this package as {@link RingwaySelector} sees it. A JDK selector sees the {@link SelChImpl}. */
interface RingwayChannel extends SelChImpl {
    /**
     * The operations that are ready without the inner selector's help: those of an accelerated connection or listener,
     * or of a channel that is on no path yet. May move the channel from one path to another. Selecting thread.
     */
    int readiness();

    /** Whether a device queue feeds this channel. Any thread. */
    boolean isAccelerated();

    /** Whether other threads of this process make it ready, and nothing else does. Any thread. */
    default boolean isInMemory() {
        return false;
    }

    /** Whether several selectors wait for this channel, so that it can be on the lane of none. Any thread. */
    boolean isShared();

    /** The lane that feeds this channel, or null. Any thread. */
    @Nullable
    Lane lane();

    /** The lane whose packet the InterruptProcessor delivered for this channel since the last call, or null. Selecting thread. */
    @Nullable
    Lane takeInterrupted();

    /** {@code key} now stands for this channel. Called with the channel's registration lock held. */
    void registered(RingwayKey key);

    /** {@code key} stands for this channel no longer. Selecting thread. */
    void deregistered(RingwayKey key);
}
