package io.ringway.stack;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Link;
import io.ringway.nic.offload.GatherList;
import io.ringway.stack.tcp.BatchEnd;
import io.ringway.stack.tcp.HeaderPrediction;
import io.ringway.stack.tcp.ReadPositions;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.SegmentWriter;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.Timers;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.random.RandomGenerator;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * All that belongs to one device queue: its connections, timers and buffers. Everything but the methods marked "any
 * thread" belongs to the thread that holds the stack's ownership, one flag that is taken without waiting and never held
 * across user code. Threads that find it taken leave a {@link Request} in the MPSC ring, which the owner empties before
 * it lets go, and looks at once more afterwards (M6).
 */
public final class NetworkStack {
    /** Work for the owner, left by another thread. */
    @FunctionalInterface
    public interface Request {
        void run(NetworkStack stack);

        /** The connection whose state it works on: requests with the same one are performed in their order, if any. */
        default @Nullable TcpConnection context() {
            return null;
        }
    }

    private static final int REQUEST_CHUNK = 256;
    private static final AtomicIntegerFieldUpdater<NetworkStack> OWNED =
            AtomicIntegerFieldUpdater.newUpdater(NetworkStack.class, "owned");

    private volatile int owned;
    /** Set after a request is in the ring, cleared before the ring is emptied: a cheap look that misses nothing. */
    private volatile boolean requested;

    private final MpscUnboundedVarHandleArrayQueue<Request> requests =
            new MpscUnboundedVarHandleArrayQueue<>(REQUEST_CHUNK);
    private final ContextCache contexts = new ContextCache();
    private final FrameReturns returns = new FrameReturns();

    private final DeviceQueue queue;
    private final StackSettings settings;
    private final RandomGenerator random;
    private final StackCounters counters = new StackCounters();
    private final MemoryView view;
    private final SegmentWriter writer;
    private final GatherList gather = new GatherList();
    private final ReadPositions readPositions;
    private final boolean lossless;
    private final Demultiplexer connections = new Demultiplexer();
    private final TimerQueue timers = new TimerQueue();
    private final ConnectionList touched = new ConnectionList();
    private final ConnectionList deferred = new ConnectionList();
    private final ConnectionList starving = new ConnectionList();
    private final TransmitQueues transmitQueues = new TransmitQueues(this);
    private final Arrivals arrivals;
    private final HeaderPrediction prediction;
    private final Reception reception;
    private volatile int connectionCount;
    private long now;
    private boolean armed;
    private boolean starvesUnasked;
    /** Until when whoever waits for this stack may sleep, as far as it knows. */
    private long knownDeadline = Long.MAX_VALUE;

    public NetworkStack(DeviceQueue queue, StackSettings settings, ListenerTable listeners, RandomGenerator random) {
        this.queue = queue;
        this.settings = settings;
        this.random = random;
        view = new MemoryView(queue.memory());
        lossless = queue.capabilities().lossless();
        readPositions = new ReadPositions(queue);
        writer = new SegmentWriter(this, queue, view);
        arrivals = new Arrivals(this, connections, listeners);
        prediction = new HeaderPrediction(this);
        reception = new Reception(this, connections, arrivals, prediction);
    }

    // ---- any thread ----

    public DeviceQueue queue() {
        return queue;
    }

    public StackSettings settings() {
        return settings;
    }

    public StackCounters counters() {
        return counters;
    }

    /** Connections on this stack, approximately. */
    public int connections() {
        return connectionCount;
    }

    public boolean lossless() {
        return lossless;
    }

    /** Takes the ownership if it is free. Never waits; not re-entrant. */
    public boolean tryOwn() {
        return owned == 0 && OWNED.compareAndSet(this, 0, 1);
    }

    /** Runs what others left, lets go, and looks once more, so that no request is stranded. */
    public void disown() {
        letGo(null);
    }

    private void letGo(@Nullable OutOfLine never) {
        do {
            try {
                if (requested) {
                    runRequests();
                }
                endRound();
                if (returns.isPending()) {
                    returns.send();
                }
                if (armed) {
                    standIn();
                }
            } finally {
                // Whatever goes wrong: others wait for the ownership.
                OWNED.lazySet(this, 0);
            }
            VarHandle.fullFence();
        } while (requested && tryOwn());
    }

    /** Has {@code request} run: here and now if nobody owns the stack, else by the owner before it lets go. */
    public void submit(Request request) {
        requests.offer(request);
        requested = true;
        VarHandle.fullFence();
        if (tryOwn()) {
            disown();
        }
    }

    // ---- owner only ----

    /** Who armed the queue may sleep: publishes what was put off, and tells of earlier deadlines and of want of room. */
    private void standIn() {
        if (deferred.size != 0) {
            touchAll(deferred);
            endRound();
        }
        if (starvesUnasked) {
            starvesUnasked = false;
            queue.arm();
        }
        if (timers.first() < knownDeadline) {
            knownDeadline = timers.first();
            queue.ring();
        }
    }

    /**
     * One round: requests, received frames up to a batch, due timers, output that was put off, doorbells.
     *
     * @return how much there was to do; 0 when nothing was
     */
    public int poll(long nowNanos) {
        return round(nowNanos, null);
    }

    /** Whether {@link #poll} may find a frame or a request, which costs a fraction of it. It looks after more than these. */
    public boolean hasNext() {
        return requested || queue.hasNext();
    }

    private int round(long nowNanos, @Nullable OutOfLine never) {
        now = nowNanos;
        counters.polls++;
        int work = requested ? runRequests() : 0;
        work += queue.receive(reception, settings.receiveBatch());
        if (timers.first() <= nowNanos) {
            work += runTimers();
        }
        if (deferred.size != 0) {
            touchAll(deferred);
        }
        if (starving.size != 0) {
            touchAll(starving);
        }
        if (touched.size != 0) {
            finishTouched();
        }
        if (!transmitQueues.isIdle()) {
            serveFlows();
        }
        queue.flush();
        return work;
    }

    /**
     * When {@link #poll} has something to do even if nothing arrives; Long.MAX_VALUE: never. Whoever sleeps until then
     * on an armed queue is woken by the doorbell if others bring this forward.
     */
    public long nextDeadline() {
        knownDeadline = deferred.size == 0 && !requested ? timers.first() : now;
        return knownDeadline;
    }

    /** The time given to the last poll. */
    public long now() {
        return now;
    }

    /** Takes note of a later time without polling. */
    public void advanceTo(long nowNanos) {
        if (nowNanos - now > 0) {
            now = nowNanos;
        }
    }

    /** Asks for the doorbell. {@link #poll} once more and look at {@link #nextDeadline} before sleeping. */
    public void arm() {
        armed = true;
        starvesUnasked = false;
        queue.arm();
    }

    public void disarm() {
        armed = false;
        queue.disarm();
    }

    /** No connection, nothing left to do. */
    public boolean quiescent() {
        return connections.size() == 0 && requests.isEmpty() && !contexts.hasLeft();
    }

    /** Publishes everything that was accepted, whatever the windows; returns connections with something left. */
    public int flushForExit(long nowNanos) {
        poll(nowNanos);
        int left = 0;
        for (TcpConnection c : connections.snapshot()) {
            if (c.stack() == this && !c.flushForExit(this)) {
                left++;
            }
        }
        queue.flush();
        return left + queue.backlog();
    }

    /** The connections on this stack; for listings. */
    public TcpConnection[] listConnections() {
        return connections.snapshot();
    }

    /** Leaves the port. No connection may be left. */
    public void close() {
        queue.close();
    }

    // ---- for the TCP classes ----

    public MemoryView view() {
        return view;
    }

    public SegmentWriter writer() {
        return writer;
    }

    public TransmitQueues transmitQueues() {
        return transmitQueues;
    }

    /** For the gathering write in hand. */
    public GatherList gather() {
        return gather;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    HeaderPrediction prediction() {
        return prediction;
    }

    public ReadPositions readPositions() {
        return readPositions;
    }

    /** A random number; any thread that the generator allows. */
    public int initialSequence() {
        return random.nextInt();
    }

    /** Puts a connection that has come into being or moved here into the tables. */
    public void arrive(TcpConnection c) {
        connections.add(c);
        connectionCount = connections.size();
        timers.update(c);
    }

    /** A connection moves away; it stays in the table, so that late segments find their way. */
    public void leave(TcpConnection c) {
        timers.remove(c);
        prediction.forget(c);
        // At the end of its batch it is being finished, and the list is being walked.
        if (c.touched) {
            touched.remove(c);
            c.touched = false;
        }
        deferred.remove(c);
        starving.remove(c);
        counters.connectionsMoved++;
    }

    /** The TCB is gone. */
    public void remove(TcpConnection c) {
        timers.remove(c);
        prediction.forget(c);
        connections.remove(c);
        connectionCount = connections.size();
    }

    /** The TCB of a connection that had been here is gone. */
    public void forget(TcpConnection c) {
        connections.remove(c);
        connectionCount = connections.size();
    }

    /** Has the connection finished at the end of this batch. */
    public void touched(TcpConnection c) {
        if (!c.touched) {
            c.touched = true;
            touched.add(c);
        }
    }

    /** Has the connection's output tried again at the next poll. */
    public void defer(TcpConnection c) {
        deferred.add(c);
    }

    /** Has the connection looked after again once there is room in its ring for a segment without data, or frames. */
    public void starve(TcpConnection c) {
        starving.add(c);
        starvesUnasked = true;
    }

    /** A ring is full for somebody. */
    void lacksRoom() {
        starvesUnasked = true;
    }

    public void timerChanged(TcpConnection c) {
        timers.update(c);
    }

    public void answerWithReset(Segment s) {
        Link link = s.source;
        if (link != null && s.origin == this && link.peer().alive()) {
            writer.reset(s, link);
        }
    }

    /** Gives a received frame of this stack's queue back; {@code owner} is the stack that the caller owns. */
    public void releaseReceived(long frame, NetworkStack owner) {
        if (owner == this) {
            queue.release(frame);
        } else {
            owner.returns.add(this, frame, true);
        }
    }

    /** Gives a frame that was allocated on this stack's queue back; {@code owner} is the stack that the caller owns. */
    public void freeOwn(long frame, NetworkStack owner) {
        if (owner == this) {
            queue.free(frame);
        } else {
            owner.returns.add(this, frame, false);
        }
    }

    // ---- rounds ----

    private int runRequests() {
        if (contexts.isPerforming()) {
            return 0;
        }
        requested = false;
        VarHandle.fullFence();
        int count;
        try {
            count = contexts.perform(requests, this, null);
        } finally {
            if (contexts.hasLeft() || !requests.isEmpty()) {
                // One has thrown: those behind it wait for the next owner.
                requested = true;
            }
        }
        if (count > 0) {
            counters.requests += count;
            queue.flush();
        }
        return count;
    }

    private int runTimers() {
        int count = 0;
        TcpConnection c = timers.poll(now);
        while (c != null) {
            Timers.expired(c, this);
            touched(c);
            count++;
            c = timers.poll(now);
        }
        return count;
    }

    private void touchAll(ConnectionList list) {
        for (int i = 0; i < list.size; i++) {
            touched(list.get(i));
        }
        list.clear();
    }

    /** What is due before the stack is let go. */
    private void endRound() {
        if (touched.size != 0) {
            finishTouched();
        }
        if (transmitQueues.isRunnable()) {
            serveFlows();
        }
    }

    private void serveFlows() {
        do {
            transmitQueues.serve();
            finishTouched();
        } while (transmitQueues.isRunnable());
        queue.flush();
    }

    private void finishTouched() {
        // Against writers that note that they want room and then look once more.
        VarHandle.fullFence();
        transmitQueues.contended(touched.size > 1);
        // The list may grow while it is worked off.
        for (int i = 0; i < touched.size; i++) {
            BatchEnd.finish(touched.get(i), this, null);
        }
        transmitQueues.contended(false);
        touched.clear();
        queue.flush();
    }
}
