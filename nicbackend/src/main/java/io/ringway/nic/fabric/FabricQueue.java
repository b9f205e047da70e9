package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.memory.OutOfLine;
import io.ringway.memory.Words;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.PortCounters;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One device queue of this process: the rings that end in it, the rings that begin in it, and its frames. */
public final class FabricQueue extends FrameHome implements DeviceQueue {
    /** Pages of frames that were not used for as long as this go back to the system when the queue goes to sleep. */
    static final long TRIM_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What a connection may hold of scarce memory: more than a reader leaves untold. */
    private static final long MODEST = 1 << 18;

    final FabricCounters counters = new FabricCounters();

    private final FabricPort port;
    private final int id;
    private final long line;
    private final Words memory;
    private final int mtu;
    private final long[] headers = new long[Layout.SLOT / Long.BYTES];
    private final FrameStore frames;
    private final EventFd doorbell;
    private final Mailbox mailbox = new Mailbox();
    private final RingSet rings = new RingSet(this);

    private final PeerSides sides;
    private final LinkSet dirty = new LinkSet();
    private final LinkSet harvest = new LinkSet();
    private final LinkSet starving = new LinkSet();
    private final LinkSet retired = new LinkSet();
    private boolean framesStarve;

    /** The last answer of {@link #isReserved}. */
    private boolean reserveStarves;

    private long state;
    private long lastTrim = System.nanoTime();
    private volatile boolean closed;

    /** Taken by who looks after what a closed queue has left. */
    private final AtomicBoolean lingering = new AtomicBoolean();

    FabricQueue(FabricPort port, int id, EventFd doorbell) {
        this.port = port;
        this.id = id;
        this.doorbell = doorbell;
        this.memory = port.memory();
        this.mtu = port.capabilities().mtu();
        this.line = Layout.queueLine(id);
        this.frames = new FrameStore(this, port.fabricMemory());
        this.sides = new PeerSides(this, port);
        memory.setRelease(line + Layout.QUEUE_STATE, Layout.STATE_POLLING);
        memory.setRelease(line, id + 1L);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public FabricPort port() {
        return port;
    }

    @Override
    public MemorySegment memory() {
        return memory.segment();
    }

    /** The same memory, by words. */
    Words words() {
        return memory;
    }

    /** What this queue counted. Any thread. */
    public FabricCounters counters() {
        return counters;
    }

    @Override
    public long garbage() {
        return counters.garbage();
    }

    @Override
    public void count(PortCounters sum) {
        sum.add("framesIn", counters.framesIn);
        sum.add("framesOut", counters.framesOut);
        sum.add("bytesIn", counters.bytesIn);
        sum.add("bytesOut", counters.bytesOut);
        sum.add("inlineOut", counters.inlineOut);
        sum.add("ringFull", counters.ringFull);
        sum.add("framesExhausted", counters.framesExhausted);
        sum.add("framesReserved", counters.framesReserved);
        sum.add("bellsRung", counters.bellsRung);
        sum.add("garbage", counters.garbage());
    }

    /** Where the headers of the frame in hand stand, out of its sender's reach. */
    long[] headers() {
        return headers;
    }

    FrameStore frames() {
        return frames;
    }

    RingSet rings() {
        return rings;
    }

    boolean isClosed() {
        return closed;
    }

    // --- receive

    /**
     * {@inheritDoc}
     *
     * <p>The news that a peer is gone counts as one, so that nobody goes to sleep on it.
     */
    @Override
    public int receive(FrameHandler handler, int budget) {
        return receive(handler, budget, null);
    }

    private int receive(FrameHandler handler, int budget, @Nullable OutOfLine never) {
        sides.look();
        if (mailbox.hasSome()) {
            emptyMailbox();
        }
        int done = rings.poll(handler, budget);
        if (sides.someoneIsGone() && done < budget) {
            done += sides.sayGoodbye(handler);
        }
        return done;
    }

    @Override
    public boolean hasNext() {
        return rings.hasNext();
    }

    /** A peer will be gone in a moment, which this queue may never have met. Any thread. */
    void lost(FabricPeer peer) {
        sides.lost(peer);
    }

    /** Takes apart what others have closed. Now and then. */
    void tidy() {
        sides.tidy();
        for (int i = retired.size() - 1; i >= 0; i--) {
            if (retired.get(i).settle()) {
                retired.remove(i);
            }
        }
        if (port.fabricMemory().isTight()) {
            frames.giveChunksBack();
            port.lentFrames().giveChunksBack();
        }
    }

    @Override
    public void release(long frame) {
        FabricQueue owner = port.queueAt(ReceiveRing.queueLine(frame));
        if (owner == this) {
            rings.release(frame);
        } else {
            owner.post(frame);
        }
    }

    /** Something for this queue's thread: a frame that came home, or a received frame to release. Any thread. */
    @Override
    void post(long frame) {
        mailbox.put(frame);
        if (closed) {
            port.housekeep();
        }
    }

    private void emptyMailbox() {
        for (long letter : mailbox.take()) {
            if ((letter & ReceiveRing.HANDLE) != 0) {
                rings.release(letter);
            } else {
                frames.cameHome(letter);
            }
        }
    }

    // --- transmit

    FabricLink link(FabricPeer peer, int target) {
        return sides.link(peer, target);
    }

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        FabricLink l = (FabricLink) link;
        long p = l.position;
        if (p - l.consumed >= l.slotCount && !l.makeRoom()) {
            counters.ringFull++;
            return -1;
        }
        return l.slots + ((p & l.slotCount - 1) << Layout.SLOT_SHIFT) + Layout.SLOT_HEADERS;
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        if (headerLength + payloadLength > mtu) {
            throw new IllegalArgumentException("a packet of " + (headerLength + payloadLength) + " bytes");
        }
        FabricLink l = (FabricLink) link;
        long p = l.position;
        long slot = l.slots + ((p & l.slotCount - 1) << Layout.SLOT_SHIFT);
        if (frame == 0) {
            counters.inlineOut++;
        } else {
            FrameChunk chunk = frames.chunk(frame);
            int index = chunk.index(frame);
            frames.committed(chunk, index);
            l.holds(chunk, index);
            long place = frame >>> Layout.UNIT_SHIFT << 32 | payloadOffset - frame;
            memory.set(slot + Layout.frameWord(headerLength), place);
        }
        long descriptor = Layout.descriptor(headerLength, payloadLength, frame != 0, id);
        memory.set(slot + Layout.SLOT_DESCRIPTOR, descriptor);
        memory.setRelease(slot, p + 1);
        l.position = p + 1;
        counters.framesOut++;
        counters.bytesOut += headerLength + payloadLength;
        if (!l.dirty) {
            l.dirty = true;
            dirty.add(l);
        }
    }

    @Override
    public void abort(Link link) {
        // Nothing was published, and the position has not moved.
    }

    @Override
    public void flush() {
        int n = dirty.size();
        if (n == 0) {
            return;
        }
        Fence.full();
        for (int i = 0; i < n; i++) {
            FabricLink link = dirty.get(i);
            link.dirty = false;
            link.notifyPeer();
            link.prepare();
        }
        dirty.clear();
    }

    @Override
    public long allocate(int size) {
        long frame = frames.allocate(size);
        if (frame == 0) {
            counters.framesExhausted++;
            framesStarve = true;
        }
        return frame;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The last quarter of the process's memory is for connections with less than a quarter of a megabyte unread, and for
     * links whose reader doesn't hold the other three: a peer that gives nothing back stops nobody else. A lower bound for
     * a link would stop a peer that reads one connection to its end before the next, each of them full.
     */
    @Override
    public boolean isReserved(Link link, long held) {
        if (!port.fabricMemory().isScarce()
                || held < MODEST && link.pinned() < memory.segment().byteSize() / 4 * 3) {
            return false;
        }
        harvest();
        reserveStarves = !hasReserve();
        if (reserveStarves) {
            counters.framesReserved++;
            framesStarve = true;
            port.fabricMemory().tighten();
        }
        return reserveStarves;
    }

    @Override
    public int capacity(long frame) {
        return frames.capacity(frame);
    }

    @Override
    public void free(long frame) {
        frames.free(frame);
    }

    @Override
    public void reclaim() {
        harvest();
    }

    /** Takes back what the readers released. */
    @Override
    void harvest() {
        for (int i = harvest.size() - 1; i >= 0; i--) {
            FabricLink link = harvest.get(i);
            link.harvest();
            if (link.pinned() == 0 || link.isClosed()) {
                link.harvesting = false;
                harvest.remove(i);
            }
        }
    }

    @Override
    void freedTwice() {
        counters.badFrees++;
    }

    void addHarvest(FabricLink link) {
        harvest.add(link);
    }

    void addStarving(FabricLink link) {
        starving.add(link);
    }

    /** The link is dead: nothing comes back over it, and what it leads to is to be unmapped. */
    void forget(FabricLink link) {
        harvest.remove(link);
        starving.remove(link);
    }

    void addRetired(FabricLink link) {
        retired.add(link);
    }

    // --- sleep

    @Override
    public void arm() {
        state = (state | Layout.STATE_MASK) + 1 + Layout.STATE_ARMED;
        memory.setRelease(line + Layout.QUEUE_STATE, state);
        sides.lookEverywhereNext();
        boolean starves = starving.size() != 0 || framesStarve;
        for (int i = 0; i < starving.size(); i++) {
            starving.get(i).want();
        }
        for (int i = 0; framesStarve && i < harvest.size(); i++) {
            harvest.get(i).want();
        }
        Fence.full();
        if (starves) {
            checkRoom();
        }
        long now = System.nanoTime();
        if (now - lastTrim > TRIM_NANOS) {
            lastTrim = now;
            frames.trim();
            port.lentFrames().trim(now);
        }
    }

    /** Wakes this queue itself where room came back before the readers knew that it is wanted. */
    private void checkRoom() {
        boolean room = false;
        for (int i = starving.size() - 1; i >= 0; i--) {
            if (!starving.get(i).starves()) {
                starving.remove(i);
                room = true;
            }
        }
        if (framesStarve) {
            harvest();
            framesStarve = !frames.hasFree() || reserveStarves && !hasReserve();
            room |= !framesStarve;
        }
        if (room) {
            ring();
        }
    }

    private boolean hasReserve() {
        return !port.fabricMemory().isScarce()
                || frames.freeBytes() >= memory.segment().byteSize() >>> 3;
    }

    @Override
    public void disarm() {
        state = state & ~Layout.STATE_MASK;
        memory.setRelease(line + Layout.QUEUE_STATE, state);
    }

    @Override
    public int doorbell() {
        return doorbell.descriptor();
    }

    @Override
    public void ring() {
        doorbell.signal();
    }

    @Override
    public void clearDoorbell() {
        if (doorbell.clear()) {
            counters.bellsHeard++;
        }
        if ((state & Layout.STATE_MASK) == Layout.STATE_ARMED) {
            arm();
        }
    }

    // --- the end

    @Override
    public void close() {
        if (closed) {
            return;
        }
        flush();
        sides.retireLinks();
        state = state & ~Layout.STATE_MASK | Layout.STATE_CLOSED;
        memory.setRelease(line + Layout.QUEUE_STATE, state);
        closed = true;
        doorbell.close();
        port.queueClosed(this);
    }

    /**
     * What is left to do after {@link #close()}: readers finish what was published, and frames come back. Any thread;
     * does nothing where another one is at it.
     *
     * @return whether nothing is left
     */
    boolean linger() {
        boolean done = false;
        do {
            if (!lingering.compareAndSet(false, true)) {
                return false;
            }
            done = lookAfterRemains();
            lingering.set(false);
        } while (!done && mailbox.hasSome());
        return done;
    }

    private boolean lookAfterRemains() {
        emptyMailbox();
        sides.lookEverywhere();
        sides.sayGoodbye(null);
        tidy();
        if (rings.isEmpty() && retired.size() == 0 && frames.giveAllBack()) {
            memory.setRelease(line, 0);
            return true;
        }
        return false;
    }
}
