package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One device queue of this process: the rings that end in it, the rings that begin in it, and its frames. */
public final class FabricQueue implements DeviceQueue {
    /** Polls between two looks for silent rings. */
    private static final int SWEEP_MASK = (1 << 13) - 1;

    /** With this many rings or fewer, polling silent ones costs less than waking them. */
    private static final int ALWAYS_ACTIVE = 4;

    final FabricCounters counters = new FabricCounters();

    private final FabricPort port;
    private final int id;
    private final long line;
    private final MemorySegment memory;
    private final MemorySegment scratch = Arena.global().allocate(Layout.SLOT, 64);
    private final FrameStore frames;
    private final EventFd doorbell;
    private final Mailbox mailbox = new Mailbox();

    private long peersSeen = -1;
    private PeerSide[] sides = new PeerSide[0];
    private int nextSide;
    private boolean lookEverywhere;
    private int goneSides;

    private ReceiveRing[] rings = new ReceiveRing[4];
    private int ringCount;
    private ReceiveRing[] active = new ReceiveRing[4];
    private int activeCount;
    private int nextActive;
    private int polls;

    private FabricLink[] dirty = new FabricLink[4];
    private int dirtyCount;
    private FabricLink[] pinned = new FabricLink[4];
    private int pinnedCount;
    private FabricLink[] starving = new FabricLink[4];
    private int starvingCount;
    private boolean framesStarve;
    private ReceiveRing[] releasing = new ReceiveRing[4];
    private int releasingCount;

    private long state;
    private volatile boolean closed;

    FabricQueue(FabricPort port, int id, EventFd doorbell) {
        this.port = port;
        this.id = id;
        this.doorbell = doorbell;
        this.memory = port.memory();
        this.line = Layout.queueLine(id);
        this.frames = new FrameStore(this, port.fabricMemory());
        Layout.setRelease(memory, line + Layout.QUEUE_STATE, Layout.STATE_POLLING);
        Layout.setRelease(memory, line, id + 1L);
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
        return memory;
    }

    /** What this queue counted. Any thread. */
    public FabricCounters counters() {
        return counters;
    }

    MemorySegment scratch() {
        return scratch;
    }

    FrameStore frames() {
        return frames;
    }

    boolean isClosed() {
        return closed;
    }

    // --- receive

    @Override
    public int receive(FrameHandler handler, int budget) {
        if (peersSeen != port.peersVersion() || lookEverywhere || goneSides != 0) {
            lookEverywhere();
        } else if (sides.length != 0) {
            int s = nextSide;
            sides[s].look();
            nextSide = s + 1 == sides.length ? 0 : s + 1;
        }
        if (mailbox.hasSome()) {
            emptyMailbox();
        }
        if ((++polls & SWEEP_MASK) == 0) {
            sweep();
        }
        int done = 0;
        int n = activeCount;
        int at = nextActive < n ? nextActive : 0;
        for (int i = 0; i < n && done < budget; i++) {
            ReceiveRing ring = active[at];
            done += ring.poll(handler, budget - done);
            if (++at == n) {
                at = 0;
            }
        }
        nextActive = at;
        if (releasingCount != 0) {
            afterReleases();
        }
        if (goneSides != 0 && done < budget) {
            sayGoodbye(handler);
        }
        return done;
    }

    private void lookEverywhere() {
        long version = port.peersVersion();
        if (version != peersSeen) {
            peersSeen = version;
            meetPeers(port.peers());
        }
        lookEverywhere = false;
        for (PeerSide side : sides) {
            side.look();
        }
    }

    private void meetPeers(FabricPeer[] peers) {
        goneSides = 0;
        for (FabricPeer peer : peers) {
            if (side(peer) == null && !peer.isGone()) {
                addSide(peer);
            }
        }
        for (PeerSide side : sides) {
            if (side.peer.isGone()) {
                goneSides++;
                side.takeLeave();
            }
        }
    }

    private PeerSide addSide(FabricPeer peer) {
        PeerSide side = new PeerSide(this, peer);
        sides = Arrays.copyOf(sides, sides.length + 1);
        sides[sides.length - 1] = side;
        counters.peersJoined++;
        return side;
    }

    private @Nullable PeerSide side(FabricPeer peer) {
        for (PeerSide side : sides) {
            if (side.peer.equals(peer)) {
                return side;
            }
        }
        return null;
    }

    /** After everything that a lost peer published was delivered: tells the handler, and forgets the peer. */
    private void sayGoodbye(FrameHandler handler) {
        for (int i = sides.length - 1; i >= 0; i--) {
            PeerSide side = sides[i];
            if (side.peer.isGone()) {
                PeerSide[] rest = new PeerSide[sides.length - 1];
                System.arraycopy(sides, 0, rest, 0, i);
                System.arraycopy(sides, i + 1, rest, i, rest.length - i);
                sides = rest;
                nextSide = 0;
                goneSides--;
                forget(side);
                handler.onPeerGone(side.peer);
            }
        }
    }

    private void forget(PeerSide side) {
        counters.peersGone++;
        deactivate(side);
        side.buryLinks();
    }

    /** Polls the rings of a peer no longer. */
    void deactivate(PeerSide side) {
        for (int i = activeCount - 1; i >= 0; i--) {
            if (active[i].side == side) {
                active[i] = active[--activeCount];
            }
        }
    }

    // --- rings

    ReceiveRing addRing(PeerSide side, long directoryPosition, long slots, int slotCount, int sender, long block) {
        if (ringCount == rings.length) {
            rings = Arrays.copyOf(rings, 2 * ringCount);
        }
        ReceiveRing ring = new ReceiveRing(side, ringCount, directoryPosition, slots, slotCount, sender, block);
        rings[ringCount++] = ring;
        ring.dormant = true;
        return ring;
    }

    /** Polls a ring from now on. */
    void activate(ReceiveRing ring) {
        if (!ring.dormant) {
            return;
        }
        ring.dormant = false;
        Layout.setRelease(memory, ring.block + Layout.DORMANT, 0);
        if (activeCount == active.length) {
            active = Arrays.copyOf(active, 2 * activeCount);
        }
        active[activeCount++] = ring;
    }

    /** Stops polling rings that were silent since the last sweep; what their peers publish now comes with a notice. */
    private void sweep() {
        if (activeCount <= ALWAYS_ACTIVE) {
            return;
        }
        for (int i = activeCount - 1; i >= 0; i--) {
            ReceiveRing ring = active[i];
            if (ring.lastSweep == ring.position()) {
                ring.dormant = true;
                Layout.setRelease(memory, ring.block + Layout.DORMANT, 1);
                Fence.full();
                if (ring.hasNext()) {
                    ring.dormant = false;
                    Layout.setRelease(memory, ring.block + Layout.DORMANT, 0);
                } else {
                    active[i] = active[--activeCount];
                    counters.ringsSlept++;
                }
            }
            ring.lastSweep = ring.position();
        }
    }

    // --- frames that came in

    @Override
    public void release(long frame) {
        FabricQueue owner = port.queueAt(ReceiveRing.queueLine(frame));
        if (owner != this) {
            owner.post(frame);
            return;
        }
        rings[ReceiveRing.ringIndex(frame)].release(frame);
    }

    void addReleased(ReceiveRing ring) {
        if (releasingCount == releasing.length) {
            releasing = Arrays.copyOf(releasing, 2 * releasingCount);
        }
        releasing[releasingCount++] = ring;
    }

    private void afterReleases() {
        Fence.full();
        int kept = 0;
        for (int i = 0; i < releasingCount; i++) {
            ReceiveRing ring = releasing[i];
            if (ring.pushHeld()) {
                ring.releasedSomething = false;
            } else {
                releasing[kept++] = ring;
            }
            if (!ring.side.peer.isGone()) {
                ring.answerWant();
            }
        }
        releasingCount = kept;
    }

    /** Something for this queue's thread: a frame that came home, or a received frame to release. Any thread. */
    void post(long frame) {
        mailbox.put(frame);
    }

    private void emptyMailbox() {
        long[] letters = mailbox.take();
        for (long letter : letters) {
            if ((letter & ReceiveRing.HANDLE) != 0) {
                release(letter);
            } else {
                frames.cameHome(letter);
            }
        }
    }

    // --- transmit

    FabricLink link(FabricPeer peer, int target) {
        PeerSide side = side(peer);
        if (side == null) {
            side = addSide(peer);
            peersSeen = -1;
        }
        return side.link(target);
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
            Layout.set(memory, slot + Layout.frameWord(headerLength), place);
        }
        Layout.set(
                memory, slot + Layout.SLOT_DESCRIPTOR, Layout.descriptor(headerLength, payloadLength, frame != 0, id));
        Layout.setRelease(memory, slot, p + 1);
        l.position = p + 1;
        counters.framesOut++;
        counters.bytesOut += headerLength + payloadLength;
        if (!l.dirty) {
            l.dirty = true;
            addDirty(l);
        }
    }

    @Override
    public void abort(Link link) {
        // Nothing was published, and the position has not moved.
    }

    private void addDirty(FabricLink link) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, 2 * dirtyCount);
        }
        dirty[dirtyCount++] = link;
    }

    @Override
    public void flush() {
        int n = dirtyCount;
        if (n == 0) {
            return;
        }
        Fence.full();
        for (int i = 0; i < n; i++) {
            FabricLink link = dirty[i];
            link.dirty = false;
            link.notifyPeer();
        }
        dirtyCount = 0;
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

    @Override
    public int capacity(long frame) {
        return frames.capacity(frame);
    }

    @Override
    public void free(long frame) {
        frames.free(frame);
    }

    /** Takes back what the receivers released. */
    void harvest() {
        for (int i = pinnedCount - 1; i >= 0; i--) {
            pinned[i].harvest();
        }
    }

    void addPinned(FabricLink link) {
        if (pinnedCount == pinned.length) {
            pinned = Arrays.copyOf(pinned, 2 * pinnedCount);
        }
        link.pinnedIndex = pinnedCount;
        pinned[pinnedCount++] = link;
    }

    void removePinned(FabricLink link) {
        FabricLink last = pinned[--pinnedCount];
        pinned[link.pinnedIndex] = last;
        last.pinnedIndex = link.pinnedIndex;
        link.pinnedIndex = -1;
    }

    void addStarving(FabricLink link) {
        if (starvingCount == starving.length) {
            starving = Arrays.copyOf(starving, 2 * starvingCount);
        }
        starving[starvingCount++] = link;
    }

    void targetClosed(FabricLink link) {
        link.die();
    }

    // --- sleep

    @Override
    public void arm() {
        state = (state | Layout.STATE_MASK) + 1 + Layout.STATE_ARMED;
        Layout.setRelease(memory, line + Layout.QUEUE_STATE, state);
        lookEverywhere = true;
        if (starvingCount != 0 || framesStarve) {
            wantRoom();
        }
        Fence.full();
        if (starvingCount != 0 || framesStarve) {
            checkRoom();
        }
    }

    /** Asks the readers of full rings, and those that hold frames, to ring. */
    private void wantRoom() {
        for (int i = 0; i < starvingCount; i++) {
            starving[i].want();
        }
        for (int i = 0; framesStarve && i < pinnedCount; i++) {
            pinned[i].want();
        }
    }

    /** Wakes this queue itself where room came back before the readers knew that it is wanted. */
    private void checkRoom() {
        int kept = 0;
        for (int i = 0; i < starvingCount; i++) {
            if (starving[i].starves()) {
                starving[kept++] = starving[i];
            }
        }
        boolean room = kept != starvingCount;
        starvingCount = kept;
        if (framesStarve) {
            harvest();
            framesStarve = !frames.hasFree();
            room |= !framesStarve;
        }
        if (room) {
            ring();
        }
    }

    @Override
    public void disarm() {
        state = state & ~Layout.STATE_MASK;
        Layout.setRelease(memory, line + Layout.QUEUE_STATE, state);
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
        doorbell.clear();
        if ((state & Layout.STATE_MASK) == Layout.STATE_ARMED) {
            arm();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Layout.setRelease(memory, line + Layout.QUEUE_STATE, state | Layout.STATE_CLOSED);
        port.queueClosed(this);
        doorbell.close();
    }
}
