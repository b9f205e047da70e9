package io.ringway.nio;

import io.ringway.nio.EventQueue.Event;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * One selector for accelerated and kernel channels together. What the kernel has to say comes through an inner JDK
 * selector, in which this one also sleeps; what the stack has to say comes through the {@link EventQueue}.
 *
 * <p>Readiness is level-triggered and its cost follows what is ready, not what is registered: a key that may be ready is
 * active, every selection looks at the active keys only, and a key that is seen not to be ready is active no longer
 * until its next event.
 */
final class RingwaySelector extends AbstractSelector {
    private static final long FOREVER = -1;

    private final Selector inner = KernelProvider.JDK.openSelector();
    private final Consumer<SelectionKey> kernelEvents = new KernelEvents();

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final SelectedKeys selectedKeys = new SelectedKeys();

    private final EventQueue events = new EventQueue();
    private final ReadyKeys active = new ReadyKeys();
    private final ReadyKeys fromKernel = new ReadyKeys();

    private boolean inSelect;
    private volatile boolean cancelPending;

    /** The selecting thread is, or is about to be, in the inner selector. */
    private volatile boolean asleep;

    private volatile boolean woken;

    RingwaySelector(SelectorProvider provider) throws IOException {
        super(provider);
    }

    Selector inner() {
        return inner;
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    // Registration: any thread.

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        if (!(channel instanceof SelChImpl)) {
            throw new IllegalSelectorException();
        }
        ensureOpen();
        RingwayKey key = new RingwayKey(this, channel, ops);
        if (attachment != null) {
            key.attach(attachment);
        }
        keys.add(key);
        join(key, channel);
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            throw new ClosedSelectorException();
        }
        return key;
    }

    private void join(RingwayKey key, AbstractSelectableChannel channel) {
        RingwayChannel source = key.source;
        try {
            if (source == null) {
                key.watch(channel);
            } else {
                source.registered(key);
            }
        } catch (RuntimeException e) {
            keys.remove(key);
            if (source != null) {
                source.deregistered(key);
            }
            throw e;
        }
    }

    /** The readiness of {@code key} may have changed. Any thread. */
    void post(RingwayKey key) {
        if (events.post(key.event) && asleep) {
            inner.wakeup();
        }
    }

    /** As {@link #post}, for the next selection: what the program changes doesn't touch the one in progress. Any thread. */
    void postForNext(RingwayKey key) {
        events.post(key.event);
    }

    /** A key of this selector was cancelled. Any thread. */
    void cancelPending() {
        cancelPending = true;
    }

    @Override
    public Selector wakeup() {
        if (!woken) {
            woken = true;
            if (asleep) {
                inner.wakeup();
            }
        }
        return this;
    }

    // Selection: one thread at a time.

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return selectedKeys;
    }

    @Override
    public int selectNow() throws IOException {
        return lockAndSelect(null, 0);
    }

    @Override
    public int select() throws IOException {
        return lockAndSelect(null, FOREVER);
    }

    @Override
    public int select(long timeout) throws IOException {
        return lockAndSelect(null, checked(timeout));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), 0);
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), FOREVER);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), checked(timeout));
    }

    private static long checked(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeout == 0 ? FOREVER : timeout;
    }

    private int lockAndSelect(@Nullable Consumer<SelectionKey> action, long timeout) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (inSelect) {
                throw new IllegalStateException("select in progress");
            }
            inSelect = true;
            try {
                synchronized (selectedKeys) {
                    return doSelect(action, timeout);
                }
            } finally {
                inSelect = false;
            }
        }
    }

    private int doSelect(@Nullable Consumer<SelectionKey> action, long timeout) throws IOException {
        processCancelledKeys();
        takeEvents();
        if (timeout == 0 || anyActiveReady() || fromKernel.size() != 0 || woken) {
            inner.selectNow(kernelEvents);
        } else {
            sleep(timeout);
        }
        woken = false;
        processCancelledKeys();
        return updateReadySets(action);
    }

    /** Sleeps until a key is ready, the timeout has passed, or somebody wakes this selector or interrupts the thread. */
    private void sleep(long timeout) throws IOException {
        long start = timeout > 0 ? System.nanoTime() : 0;
        long remaining = timeout;
        while (true) {
            asleep = true;
            if (woken || !events.isEmpty()) {
                asleep = false;
                inner.selectNow(kernelEvents);
            } else {
                inner.select(kernelEvents, Math.max(0, remaining));
                asleep = false;
            }
            takeEvents();
            if (anyActiveReady()
                    || fromKernel.size() != 0
                    || woken
                    || Thread.currentThread().isInterrupted()) {
                return;
            }
            if (timeout > 0) {
                remaining = timeout - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (remaining <= 0) {
                    return;
                }
            }
        }
    }

    private void takeEvents() {
        Event event = events.takeAll();
        while (event != null) {
            Event next = EventQueue.release(event);
            RingwayKey key = event.key;
            if (key != null && key.activePlace < 0) {
                key.activePlace = active.add(key);
            }
            event = next;
        }
    }

    /** Looks at all active keys, and lets go of those that are not ready. */
    private boolean anyActiveReady() {
        for (int i = active.size() - 1; i >= 0; i--) {
            RingwayKey key = active.get(i);
            key.sourceReady = key.source == null ? 0 : key.source.readiness() & key.interest();
            if (key.sourceReady == 0) {
                deactivate(key);
            }
        }
        return active.size() != 0;
    }

    private void deactivate(RingwayKey key) {
        int place = key.activePlace;
        if (place >= 0) {
            RingwayKey moved = active.removeAt(place);
            if (moved != null) {
                moved.activePlace = place;
            }
            key.activePlace = -1;
            key.sourceReady = 0;
        }
    }

    /** Called by the inner selector for every key of its own that is ready. */
    private final class KernelEvents implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey innerKey) {
            RingwayKey key = (RingwayKey) innerKey.attachment();
            if (key.kernelReady == 0) {
                fromKernel.add(key);
            }
            key.kernelReady |= ((SelectionKeyImpl) innerKey).nioReadyOps();
        }
    }

    private int updateReadySets(@Nullable Consumer<SelectionKey> action) {
        int updated = 0;
        try {
            for (int i = 0; i < fromKernel.size(); i++) {
                RingwayKey key = fromKernel.get(i);
                int ready = key.kernelReady | key.sourceReady;
                key.sourceReady = 0;
                updated += deliver(key, ready, action);
            }
        } finally {
            for (int i = 0; i < fromKernel.size(); i++) {
                fromKernel.get(i).kernelReady = 0;
            }
            fromKernel.clear();
        }
        for (int i = 0; i < active.size(); i++) {
            RingwayKey key = active.get(i);
            int ready = key.sourceReady;
            if (ready != 0) {
                updated += deliver(key, ready, action);
            }
        }
        return updated;
    }

    private int deliver(RingwayKey key, int ready, @Nullable Consumer<SelectionKey> action) {
        int wanted = ready & key.interest();
        if (action != null) {
            key.ready(wanted);
            if (wanted == 0) {
                return 0;
            }
            action.accept(key);
            ensureOpen();
            return 1;
        }
        if (key.selectedPlace >= 0) {
            int old = key.ready();
            key.ready(old | wanted);
            return (wanted & ~old) != 0 ? 1 : 0;
        }
        key.ready(wanted);
        if (wanted == 0) {
            return 0;
        }
        selectedKeys.select(key);
        return 1;
    }

    private void processCancelledKeys() throws IOException {
        if (!cancelPending) {
            return;
        }
        cancelPending = false;
        Set<SelectionKey> cancelled = cancelledKeys();
        SelectionKey[] found;
        synchronized (cancelled) {
            found = cancelled.toArray(new SelectionKey[0]);
            cancelled.clear();
        }
        for (SelectionKey key : found) {
            if (((RingwayKey) key).kernelKey() != null) {
                // The inner keys leave their channels first: somebody may register a channel anew as soon as ours left.
                inner.selectNow(kernelEvents);
                break;
            }
        }
        for (SelectionKey key : found) {
            remove((RingwayKey) key);
            keys.remove(key);
        }
    }

    private void remove(RingwayKey key) throws IOException {
        deactivate(key);
        key.kernelReady = 0;
        selectedKeys.deselect(key);
        deregister(key);
        if (key.source != null) {
            key.source.deregistered(key);
        }
        AbstractSelectableChannel channel = (AbstractSelectableChannel) key.channel();
        if (!channel.isOpen() && !channel.isRegistered()) {
            ((SelChImpl) channel).kill();
        }
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (selectedKeys) {
                inner.close();
                for (SelectionKey key : keys) {
                    remove((RingwayKey) key);
                }
                keys.clear();
                fromKernel.clear();
            }
        }
    }
}
