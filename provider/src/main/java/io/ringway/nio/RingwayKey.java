package io.ringway.nio;

import io.ringway.nic.Port;
import io.ringway.nio.EventQueue.Event;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/**
 * The key of a channel in a {@link RingwaySelector}. Where the kernel has a part in the channel, a second key, in the
 * inner JDK selector, follows this one.
 */
final class RingwayKey extends AbstractSelectionKey {
    private static final AtomicIntegerFieldUpdater<RingwayKey> INTEREST =
            AtomicIntegerFieldUpdater.newUpdater(RingwayKey.class, "interest");
    private static final AtomicIntegerFieldUpdater<RingwayKey> READY =
            AtomicIntegerFieldUpdater.newUpdater(RingwayKey.class, "ready");

    /** Tells the selector to look at the channel. */
    final Event event = new Event(this);

    /** Tells the selector to bring the interest set into force. */
    final Event update = new Event(this);

    /** The channel as far as this package knows it; null for a channel of the JDK's. */
    final @Nullable RingwayChannel source;

    private final RingwaySelector selector;
    private final AbstractSelectableChannel channel;

    private volatile int interest;

    /** The interest set as it was when the last selection began. */
    private volatile int inForce;

    /** Written by the selecting thread. */
    private volatile int ready;

    private volatile @Nullable SelectionKeyImpl kernelKey;
    private volatile boolean cancelSeen;

    /** Place in the selected-key set, or -1. */
    int selectedPlace = -1;

    /** Place in the selector's list of keys that may be ready, or -1. Selecting thread. */
    int activePlace = -1;

    /** Registered, and no selection has noticed it yet. */
    private volatile boolean fresh;

    /** The selector has let go of it. Selecting thread. */
    boolean gone;

    /** What {@link #source} had ready in this selection, as far as it is wanted, with its marks. Selecting thread. */
    int sourceReady;

    /** What the inner selector found ready in this selection. Selecting thread. */
    int kernelReady;

    RingwayKey(RingwaySelector selector, AbstractSelectableChannel channel, int interest) {
        this.selector = selector;
        this.channel = channel;
        this.source = channel instanceof RingwayChannel c ? c : null;
        this.interest = interest;
    }

    /**
     * Lets the inner selector watch {@code kernelChannel}, which is this key's channel or the kernel's part of it. Any
     * thread; the channel must be in non-blocking mode.
     */
    void watch(SelectableChannel kernelChannel) {
        SelectionKeyImpl key;
        try {
            key = (SelectionKeyImpl) kernelChannel.register(selector.inner(), 0, this);
        } catch (ClosedChannelException e) {
            cancel();
            return;
        }
        kernelKey = key;
        selector.kernelKeyAdded();
        if (isValid()) {
            forwardInterest(key);
        } else {
            key.cancel();
        }
    }

    /** The key in the inner selector, if there is one. */
    @Nullable
    SelectionKeyImpl kernelKey() {
        return kernelKey;
    }

    /** Does {@code kernel.interestOps(inForce)} so that the last of several threads wins in both keys. */
    private void forwardInterest(SelectionKeyImpl key) {
        int wanted;
        try {
            do {
                wanted = inForce;
                key.interestOps(wanted & key.channel().validOps());
            } while (wanted != inForce);
        } catch (CancelledKeyException e) {
            // The channel was closed; this key follows.
            wanted = 0;
        }
    }

    /** A selection begins: what is wanted now is what it looks for. Selecting thread. */
    void bringIntoForce() {
        inForce = interest;
        SelectionKeyImpl key = kernelKey;
        if (key != null) {
            forwardInterest(key);
        }
    }

    private void interestChanged() {
        selector.postForNext(this);
    }

    /** The lane of the selector, for the channel's connection over {@code port}. Any thread. */
    Lane lane(Port port) {
        return selector.lane(port);
    }

    /** The channel's path or readiness changed: the selector must look, now. Any thread. */
    void channelChanged() {
        selector.post(this);
    }

    /** The selector must look at the channel in its next selection. Any thread. */
    void joined() {
        fresh = true;
        selector.postForNext(this);
    }

    /** True once, after {@link #joined}. Selecting thread. */
    boolean takeFresh() {
        boolean was = fresh;
        if (was) {
            fresh = false;
        }
        return was;
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    private void ensureValidOps(int ops) {
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        ensureValid();
        ensureValidOps(ops);
        if (INTEREST.getAndSet(this, ops) != ops) {
            interestChanged();
        }
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        ensureValid();
        ensureValidOps(ops);
        int old;
        do {
            old = interest;
        } while (!INTEREST.compareAndSet(this, old, old | ops));
        if (old != (old | ops)) {
            interestChanged();
        }
        return old;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int old;
        do {
            old = interest;
        } while (!INTEREST.compareAndSet(this, old, old & ops));
        if (old != (old & ops)) {
            interestChanged();
        }
        return old;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return ready;
    }

    /** The interest set, whether the key is valid or not. */
    int interest() {
        return interest;
    }

    /** The interest set that the selection in progress looks for, or else the last one. Any thread. */
    int inForce() {
        return inForce;
    }

    /** The ready set, whether the key is valid or not. */
    int ready() {
        return ready;
    }

    /** Selecting thread. */
    void ready(int ops) {
        READY.lazySet(this, ops);
    }

    /**
     * Identity, as in every key. {@link AbstractSelectionKey#cancel} is final and puts the key into a hash set of the
     * selector, and this method is all of ours that it calls: it is how a cancellation reaches the inner key at once, so
     * that for instance the channel can go back to blocking mode without a selection in between.
     */
    @Override
    public int hashCode() {
        if (!cancelSeen && !isValid()) {
            cancelSeen = true;
            SelectionKeyImpl key = kernelKey;
            if (key != null) {
                key.cancel();
            }
            selector.cancelPending();
        }
        return super.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o;
    }

    @Override
    public String toString() {
        StringBuilder sb = new StringBuilder("channel=");
        sb.append(channel).append(", selector=").append(selector);
        if (isValid()) {
            sb.append(", interestOps=").append(interest).append(", readyOps=").append(ready());
        } else {
            sb.append(", invalid");
        }
        return sb.toString();
    }
}
