package io.ringway.nic.fabric;

import io.ringway.memory.OutOfLine;
import io.ringway.memory.Words;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The producer's side of one transmit ring: from one queue of this process to one queue of a peer. The ring is made by
 * the first claim; until then, and once nobody reads it any more, it has no slots. The queue's thread only.
 */
final class FabricLink implements Link {
    final FabricQueue queue;
    final FabricPeer peer;

    /** The queue of the peer that reads the ring. */
    final int target;

    /** Where its slots start in this process's memory. */
    long slots;

    int slotCount;

    /** The next slot to publish. */
    long position;

    /** What the peer was last seen to have consumed. */
    long consumed;

    /** Committed since the last flush. */
    boolean dirty;

    /** Among those that the queue harvests. */
    boolean harvesting;

    private final Words own;
    private final Words theirs;
    private final long theirSize;
    private final HeldFrames held;

    /** Where the ring's block starts; 0 while there is none. */
    private long ring;

    private int ringSlots;
    private long directoryPosition;

    /** The peer's block of cursors, 0 while it has none. */
    private long block;

    private long harvested;
    private long wants;

    /** The armed state that the last bell answered. */
    private long lastBell = -1;

    /** No claim succeeds any more. */
    private boolean closed;

    /** Where slots were last missing, and how many; nothing starves once the position has moved on. */
    private long starvedAt = -1;

    private int starvedFor;

    /** Among those that the queue knows to starve. */
    private boolean starving;

    FabricLink(FabricQueue queue, FabricPeer peer, int target) {
        this.queue = queue;
        this.peer = peer;
        this.target = target;
        this.own = queue.words();
        this.theirs = peer.memory();
        this.theirSize = theirs.segment().byteSize();
        this.held = new HeldFrames(queue);
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public long peerWord(long offset) {
        boolean inside = offset >= 0 && offset <= theirSize - Long.BYTES && (offset & Long.BYTES - 1) == 0;
        long word = inside ? theirs.getAcquire(offset) : 0;
        // The memory stays mapped while the peer is reachable.
        Reference.reachabilityFence(peer);
        return word;
    }

    @Override
    public int lag() {
        if (position != consumed && !closed) {
            readConsumed();
        }
        return (int) (position - consumed);
    }

    @Override
    public long committed() {
        return position;
    }

    @Override
    public boolean isCrowded() {
        int spare = slotCount >>> 2;
        return position - consumed > slotCount - spare && !hasRoomFor(spare);
    }

    @Override
    public long pinned() {
        return held.bytes();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    // --- slots

    /** Whether a slot is free after a closer look than the claim's own; makes the ring where there is none. */
    boolean makeRoom() {
        if (closed) {
            return false;
        }
        if (ring == 0) {
            return open();
        }
        return hasRoomFor(1);
    }

    /** Whether so many slots are free; reads the peer's cursor. If not, the link starves. */
    private boolean hasRoomFor(int wanted) {
        readConsumed();
        if (closed || position - consumed <= slotCount - wanted) {
            return !closed;
        }
        starvedFor = starvedAt == position ? Math.min(starvedFor, wanted) : wanted;
        starvedAt = position;
        if (!starving) {
            starving = true;
            queue.addStarving(this);
        }
        return false;
    }

    /** Whether slots were missing and still are; if not, the queue forgets it. Reads the peer's cursor. */
    boolean starves() {
        if (!closed && starvedAt == position) {
            readConsumed();
            if (!closed && position - consumed > slotCount - starvedFor) {
                return true;
            }
        }
        starving = false;
        return false;
    }

    private boolean open() {
        int count = queue.port().settings().slotsPerRing();
        long bytes = Layout.ringBytes(count);
        long made = queue.port().fabricMemory().takeBlock(bytes);
        if (made == 0) {
            return false;
        }
        long where = peer.announceRing(queue.id(), target, made + Layout.RING_SLOTS, count);
        if (where < 0) {
            queue.port().fabricMemory().giveBlock(made, bytes);
            return false;
        }
        directoryPosition = where;
        ring = made;
        wants = 0;
        ringSlots = count;
        slots = made + Layout.RING_SLOTS;
        slotCount = count;
        queue.counters.ringsOpened++;
        peer.prepareToRing(target);
        return true;
    }

    /** Asks the peer to ring when slots or frames come back. A full fence and another look must follow. */
    void want() {
        if (ring != 0 && !closed) {
            own.setRelease(ring + Layout.RING_WANT, ++wants);
        }
    }

    private void readConsumed() {
        long b = consumerBlock();
        if (b == 0) {
            return;
        }
        long seen = theirs.getAcquire(b + Layout.CONSUMED);
        if (seen - consumed < 0 || seen - position > 0) {
            queue.counters.garbageCursors++;
            peer.fail("impossible cursor");
            return;
        }
        consumed = seen;
    }

    /** The peer's block for this ring, or 0 while it has none. */
    private long consumerBlock() {
        if (block == 0 && ring != 0) {
            long value = peer.consumerTable(directoryPosition);
            long b = Layout.answers(value, directoryPosition) ? Layout.block(value) : 0;
            if (b > theirSize - Layout.CONSUMER_BYTES) {
                queue.counters.garbageCursors++;
                peer.fail("impossible consumer block");
                return 0;
            }
            block = b;
        }
        return block;
    }

    /**
     * Fetches the second cache line of the next slot from the peer, which has read it a round ago, while nobody waits for it.
     * A round trip takes some 35 ns less. The first line is no use: the peer looks at it all the time.
     */
    void prepare() {
        if (position - consumed < slotCount) {
            own.set(slots + ((position & slotCount - 1) << Layout.SLOT_SHIFT) + Layout.SLOT_SECOND_LINE, 0);
        }
    }

    /** Wakes the peer's queue if it sleeps, or sleeps on this ring. After a full fence. */
    void notifyPeer() {
        if (closed) {
            return;
        }
        if (consumerBlock() != 0 && theirs.getAcquire(block + Layout.DORMANT) != 0) {
            peer.notice();
        }
        long state = theirs.getAcquire(Layout.queueLine(target) + Layout.QUEUE_STATE);
        int kind = (int) state & Layout.STATE_MASK;
        if (kind == Layout.STATE_ARMED && state != lastBell) {
            lastBell = state;
            queue.counters.bellsRung++;
            ring(null);
        } else if (kind == Layout.STATE_CLOSED) {
            retire();
        }
    }

    private void ring(@Nullable OutOfLine never) {
        peer.ring(target);
    }

    // --- frames

    /** Takes note that the slot about to be published names a frame. */
    void holds(FrameChunk chunk, int index) {
        held.add(chunk, index);
        if (!harvesting) {
            harvesting = true;
            queue.addHarvest(this);
        }
    }

    /** Takes back the frames that the peer released. */
    void harvest() {
        long b = closed ? 0 : consumerBlock();
        if (b == 0) {
            return;
        }
        long to = theirs.getAcquire(b + Layout.RELEASED);
        long from = harvested;
        if (to == from) {
            return;
        }
        if (to - from < 0 || to - from > Layout.COMPLETION_COUNT) {
            queue.counters.garbageCursors++;
            peer.fail("impossible release position");
            return;
        }
        for (; from != to; from++) {
            long entry = b + Layout.COMPLETIONS + ((from & Layout.COMPLETION_COUNT - 1) << 2);
            if (!held.release((theirs.getInt(entry) & 0xffff_ffffL) << Layout.UNIT_SHIFT)) {
                queue.counters.garbageReleases++;
            }
        }
        harvested = to;
        own.setRelease(ring + Layout.RING_HARVESTED, to);
    }

    // --- the end

    /** Whether the peer has closed the queue that reads this ring. */
    boolean isTargetClosed() {
        return !peer.hasOpenQueue(target);
    }

    /** Publishes nothing more; the ring lives on until its reader has let go of it. */
    void retire() {
        if (closed) {
            return;
        }
        close();
        if (ring != 0) {
            peer.closeRing(directoryPosition);
            queue.addRetired(this);
        }
    }

    private void close() {
        closed = true;
        slotCount = 0;
        consumed = position;
    }

    /** After {@link #retire()}: takes the ring and its frames back if its reader has let go; false when it hasn't. */
    boolean settle() {
        if (ring != 0 && !peer.isGone()) {
            long value = peer.consumerTable(directoryPosition);
            boolean letGo = Layout.answers(value, directoryPosition) && Layout.block(value) == 0;
            if (!letGo && peer.hasQueue(target)) {
                return false;
            }
            peer.forgetRing(directoryPosition);
        }
        die();
        return true;
    }

    /** Nobody reads the ring any more: everything that the reader held comes back. */
    void die() {
        close();
        held.releaseAll();
        queue.forget(this);
        if (ring != 0) {
            queue.port().fabricMemory().giveBlock(ring, Layout.ringBytes(ringSlots));
            ring = 0;
        }
    }
}
