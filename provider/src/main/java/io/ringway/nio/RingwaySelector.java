package io.ringway.nio;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.Port;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * One selector for accelerated and kernel channels together. What the kernel has to say comes through an inner JDK
 * selector, in which this one also sleeps; what the stack has to say comes through the {@link EventQueue}. A selection
 * polls the device queues, takes the events, looks at the keys that may be ready, and spins or sleeps until one is.
 */
final class RingwaySelector extends AbstractSelector {
    private static final long FOREVER = -1;
    /** How often kernel channels are looked at while device queues are busy, in nanoseconds. */
    private static final long KERNEL_INTERVAL = 20_000;

    private final KernelSelector inner = new KernelSelector();
    private final Consumer<SelectionKey> kernelEvents = new KernelEvents();

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final ReadySets sets = new ReadySets(new OpenCheck());
    private final SelectedKeys selectedKeys = sets.selected();

    private final Statistics statistics;
    private final QueuePolling queues;
    private final EventQueue events = new EventQueue();
    /** Keys that were registered or whose interest changed since the last selection began. */
    private final EventQueue updates = new EventQueue();

    private boolean inSelect;
    private volatile boolean cancelPending;

    /** The selecting thread is, or is about to be, in the inner selector. */
    private volatile boolean asleep;

    private volatile boolean woken;

    /** The thread that waits in a selection now: what it finds itself needs no event queue. */
    private @Nullable Thread waiting;

    /** When the queues were polled last, or the thread woke up. */
    private long polledAt;

    private final AtomicInteger kernelKeys = new AtomicInteger();
    private long lookedAtKernel;

    RingwaySelector(SelectorProvider provider, Datapath datapath) throws IOException {
        super(provider);
        statistics = datapath.statistics();
        queues = new QueuePolling(datapath, this);
        statistics.opened(this);
    }

    /** The lane for connections over {@code port} that are registered here. Any thread. */
    Lane lane(Port port) {
        return queues.lane(port);
    }

    UniqueList.Counters uniqueListCounters() {
        return queues.counters();
    }

    /** The selecting thread sleeps, or is about to. Any thread. */
    boolean isAsleep() {
        return asleep;
    }

    Selector inner() {
        return inner.jdk();
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
            if (key.source != null) {
                key.source.deregistered(key);
            }
            throw new ClosedSelectorException();
        }
        return key;
    }

    private void join(RingwayKey key, AbstractSelectableChannel channel) {
        RingwayChannel source = key.source;
        try {
            if (source == null) {
                key.watch(channel);
                key.joined();
            } else {
                source.registered(key);
                queues.inMemory(source.isInMemory() ? 1 : 0);
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
        if (Thread.currentThread() == waiting) {
            sets.activate(key);
            if (key.source != null && (!queues.isOwnListed() || key.source.isShared())) {
                queues.noticed(key, key.source, polledAt);
            }
        } else if (events.post(key.event) && asleep) {
            statistics.wokenUp();
            inner.wakeup();
        }
    }

    /** What the program changed of {@code key} counts from the next selection on, not for the one in progress. Any thread. */
    void postForNext(RingwayKey key) {
        updates.post(key.update);
    }

    /** The inner selector watches for a key of this one. Any thread. */
    void kernelKeyAdded() {
        kernelKeys.getAndIncrement();
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
        long start = System.nanoTime();
        takeUpdates(start);
        processCancelledKeys();
        waiting = Thread.currentThread();
        try {
            Steps.waitUntilReady(this, timeout, start, null);
        } finally {
            waiting = null;
            queues.found();
        }
        woken = false;
        processCancelledKeys();
        return sets.update(action, null);
    }

    /** Where compiled code stops copying. Not in the selector itself: programs may ask it for its methods. */
    private static final class Steps {
        private Steps() {}

        static void waitUntilReady(RingwaySelector selector, long timeout, long start, @Nullable OutOfLine never)
                throws IOException {
            selector.waitUntilReady(timeout, start);
        }

        static boolean sleep(RingwaySelector selector, long now, long left, @Nullable OutOfLine never)
                throws IOException {
            return selector.sleep(now, left);
        }

        static void takeEvents(RingwaySelector selector, long now, @Nullable OutOfLine never) {
            selector.takeEvents(now);
        }
    }

    /**
     * Polls, spins and sleeps until a key is ready, the timeout in milliseconds has passed, or somebody wakes this
     * selector or interrupts the thread.
     */
    private void waitUntilReady(long timeout, long start) throws IOException {
        long now = start;
        while (true) {
            polledAt = now;
            queues.poll(now);
            Steps.takeEvents(this, now, null);
            if (queues.pollForJoined(now)) {
                Steps.takeEvents(this, now, null);
            }
            boolean ready = sets.anyReady();
            if (ready || timeout == 0) {
                lookAtKernel(now, !ready);
                return;
            }
            if (isWaitOver()) {
                // Whoever is woken again and again still sees what the kernel has.
                lookAtKernel(now, !sets.hasFromKernel());
                return;
            }
            long left = timeout < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeout) - (now - start);
            if (left <= 0) {
                return;
            }
            long spun = queues.spin(now);
            if (spun != SpinWait.SLEEP) {
                lookAtKernel(now, false);
                now = spun;
                continue;
            }
            boolean over = Steps.sleep(this, now, left, null);
            now = polledAt;
            if (over || !queues.isActive() && isWaitOver()) {
                Steps.takeEvents(this, now, null);
                sets.anyReady();
                return;
            }
            lookedAtKernel = now;
        }
    }

    private boolean isWaitOver() {
        return sets.hasFromKernel() || woken || Thread.currentThread().isInterrupted();
    }

    /** Asks the inner selector without waiting, now and then while device queues are busy. */
    private void lookAtKernel(long now, boolean due) throws IOException {
        if (kernelKeys.get() != 0 && (due || now - lookedAtKernel >= KERNEL_INTERVAL)) {
            lookedAtKernel = now;
            inner.selectNow(kernelEvents);
        }
    }

    /**
     * Sleeps once in the inner selector, with the doorbell armed, unless there is a reason not to. True if the wait is over
     * with nothing to report.
     */
    private boolean sleep(long now, long left) throws IOException {
        inner.settle(kernelEvents);
        asleep = true;
        try {
            long until = queues.sleep(now);
            if (until <= now || woken || !events.isEmpty() || sets.hasActive() || sets.hasFromKernel()) {
                return false;
            }
            long nanos = Math.min(left, until == Long.MAX_VALUE ? until : until - now);
            return inner.sleep(kernelEvents, nanos == Long.MAX_VALUE ? 0 : roundedUp(nanos));
        } finally {
            asleep = false;
            polledAt = System.nanoTime();
            queues.awake(polledAt);
        }
    }

    private static long roundedUp(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
    }

    private void takeUpdates(long now) {
        Event update = updates.takeAll();
        while (update != null) {
            Event next = EventQueue.release(update);
            RingwayKey key = update.key;
            if (key != null && key.isValid()) {
                key.bringIntoForce();
                if (key.source != null) {
                    sets.activate(key);
                    queues.noticed(key, key.source, now);
                }
            }
            update = next;
        }
    }

    private void takeEvents(long now) {
        Event event = events.takeAll();
        while (event != null) {
            Event next = EventQueue.release(event);
            RingwayKey key = event.key;
            if (key != null) {
                sets.activate(key);
                if (key.source != null) {
                    queues.noticed(key, key.source, now);
                }
            }
            event = next;
        }
    }

    /** Called by the inner selector for every key of its own that is ready. */
    private final class KernelEvents implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey innerKey) {
            if (!(innerKey.attachment() instanceof RingwayKey key)) {
                ((Lane) innerKey.attachment()).rang = true;
                return;
            }
            sets.kernelReady(key, ((SelectionKeyImpl) innerKey).nioReadyOps());
        }
    }

    /** What follows every action of the program. A class of its own: a lambda is linked at run time, in every start. */
    private final class OpenCheck implements Runnable {
        @Override
        public void run() {
            ensureOpen();
        }
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
        sets.remove(key);
        if (key.kernelKey() != null) {
            kernelKeys.getAndDecrement();
        }
        deregister(key);
        if (key.source != null) {
            key.source.deregistered(key);
            queues.inMemory(key.source.isInMemory() ? -1 : 0);
            queues.gone(key, keys, System.nanoTime());
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
                queues.close();
                statistics.closed(this);
            }
        }
    }
}
