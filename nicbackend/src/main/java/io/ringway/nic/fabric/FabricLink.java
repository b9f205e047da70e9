package io.ringway.nic.fabric;

import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The producer's side of one transmit ring: from one queue of this process to one queue of a peer. The ring is made by
 * the first claim; until then, and once the peer is gone, it has no slots. The queue's thread only.
 */
final class FabricLink implements Link {
    final FabricQueue queue;
    final FabricPeer peer;

    /** The queue of the peer that reads the ring. */
    final int target;

    /** Where the ring's block starts in this process's memory; 0 before it is made. */
    long ring;

    /** Where its slots start. */
    long slots;

    int slotCount;

    /** The next slot to publish. */
    long position;

    /** What the peer was last seen to have consumed. */
    long consumed;

    /** Committed since the last flush. */
    boolean dirty;

    private final MemorySegment own;
    private final MemorySegment theirs;
    private long directoryPosition;
    private long block;
    private long harvested;
    private long lastBell = -1;
    private boolean dead;

    /** Where a claim last failed; nothing starves once the position has moved on. */
    private long starvedAt = -1;

    /** How many committed slots name each frame, by chunk and by index within it; null where none ever did. */
    private int[] @Nullable [] outstanding = new int[0][];

    private long pinned;

    /** Where this link stands among those that harvesting visits; -1 if it doesn't. */
    int pinnedIndex = -1;

    FabricLink(FabricQueue queue, FabricPeer peer, int target) {
        this.queue = queue;
        this.peer = peer;
        this.target = target;
        this.own = queue.memory();
        this.theirs = peer.memory();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public long peerWord(long offset) {
        boolean inside = offset >= 0 && offset <= theirs.byteSize() - Long.BYTES && (offset & Long.BYTES - 1) == 0;
        long word = inside ? Layout.getAcquire(theirs, offset) : 0;
        // The memory stays mapped while the peer is reachable.
        Reference.reachabilityFence(peer);
        return word;
    }

    @Override
    public int lag() {
        if (position != consumed && !dead) {
            readConsumed();
        }
        return (int) (position - consumed);
    }

    @Override
    public long pinned() {
        return pinned;
    }

    /** Whether a slot is free after a closer look than the claim's own; makes the ring where there is none. */
    boolean makeRoom() {
        if (dead) {
            return false;
        }
        if (ring == 0) {
            return open();
        }
        readConsumed();
        if (position - consumed < slotCount) {
            return true;
        }
        if (starvedAt != position) {
            starvedAt = position;
            queue.addStarving(this);
        }
        return false;
    }

    /** Whether the last claim failed and would fail again; reads the peer's cursor. */
    boolean starves() {
        if (dead || starvedAt != position) {
            return false;
        }
        readConsumed();
        return position - consumed >= slotCount;
    }

    private boolean open() {
        int count = queue.port().settings().slotsPerRing();
        long bytes = Layout.RING_SLOTS + ((long) count << Layout.SLOT_SHIFT);
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
        slots = made + Layout.RING_SLOTS;
        slotCount = count;
        queue.counters.ringsOpened++;
        return true;
    }

    /** Asks the peer to ring when slots or frames come back. A full fence and another look must follow. */
    void want() {
        if (ring != 0 && !dead) {
            Layout.setRelease(own, ring + Layout.RING_WANT, Layout.get(own, ring + Layout.RING_WANT) + 1);
        }
    }

    private void readConsumed() {
        long b = consumerBlock();
        if (b == 0) {
            return;
        }
        long seen = Layout.getAcquire(theirs, b + Layout.CONSUMED);
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
            if (Layout.answers(value, directoryPosition) && Layout.block(value) != 0) {
                long b = Layout.block(value);
                if (b > theirs.byteSize() - Layout.CONSUMER_BYTES) {
                    queue.counters.garbageCursors++;
                    peer.fail("impossible consumer block");
                    return 0;
                }
                block = b;
            }
        }
        return block;
    }

    /** Wakes the peer's queue if it sleeps, or sleeps on this ring. After a full fence. */
    void notifyPeer() {
        if (dead) {
            return;
        }
        long line = Layout.queueLine(target);
        boolean dormant = consumerBlock() != 0 && Layout.getAcquire(theirs, block + Layout.DORMANT) != 0;
        if (dormant) {
            peer.notice();
        }
        long state = Layout.getAcquire(theirs, line + Layout.QUEUE_STATE);
        int kind = (int) state & Layout.STATE_MASK;
        if (kind == Layout.STATE_ARMED && state != lastBell) {
            lastBell = state;
            queue.counters.bellsRung++;
            peer.ring(target);
        } else if (kind == Layout.STATE_CLOSED) {
            queue.targetClosed(this);
        }
    }

    /** Takes note that a published slot names a frame. */
    void holds(FrameChunk chunk, int index) {
        int c = (int) (chunk.offset >>> Layout.CHUNK_SHIFT);
        int[] counts = c < outstanding.length ? outstanding[c] : null;
        if (counts == null || counts.length != chunk.frames) {
            counts = addCounts(c, chunk.frames);
        }
        if (counts[index]++ == 0) {
            if (pinned == 0) {
                queue.addPinned(this);
            }
            pinned += 1L << chunk.shift;
        }
    }

    private int[] addCounts(int chunk, int frames) {
        if (chunk >= outstanding.length) {
            outstanding = Arrays.copyOf(outstanding, chunk + 8);
        }
        int[] counts = new int[frames];
        outstanding[chunk] = counts;
        return counts;
    }

    /** Takes back the frames that the peer released. */
    void harvest() {
        long b = consumerBlock();
        if (b == 0) {
            return;
        }
        long to = Layout.getAcquire(theirs, b + Layout.RELEASED);
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
            released(Layout.getInt(theirs, entry) & 0xffff_ffffL);
        }
        harvested = to;
        Layout.setRelease(own, ring + Layout.RING_HARVESTED, to);
    }

    private void released(long unit) {
        long frame = unit << Layout.UNIT_SHIFT;
        FrameChunk chunk = queue.port().fabricMemory().chunk(frame);
        int c = (int) (frame >>> Layout.CHUNK_SHIFT);
        int[] counts = chunk != null && chunk.isStart(frame) && c < outstanding.length ? outstanding[c] : null;
        int index = chunk == null ? 0 : chunk.index(frame);
        if (chunk == null || counts == null || index >= counts.length || counts[index] == 0) {
            queue.counters.garbageReleases++;
            return;
        }
        letGo(chunk, index, counts, 1);
    }

    private void letGo(FrameChunk chunk, int index, int[] counts, int times) {
        counts[index] -= times;
        if (counts[index] == 0) {
            pinned -= 1L << chunk.shift;
            if (pinned == 0) {
                queue.removePinned(this);
            }
        }
        for (int i = 0; i < times; i++) {
            queue.frames().released(chunk, index);
        }
    }

    /** The peer can't release anything any more: everything that it held comes back. */
    void die() {
        dead = true;
        slotCount = 0;
        consumed = position;
        for (int c = 0; c < outstanding.length; c++) {
            FrameChunk chunk = queue.port().fabricMemory().chunk((long) c << Layout.CHUNK_SHIFT);
            int[] counts = outstanding[c];
            for (int i = 0; chunk != null && counts != null && i < counts.length; i++) {
                if (counts[i] != 0) {
                    letGo(chunk, i, counts, counts[i]);
                }
            }
        }
        outstanding = new int[0][];
    }
}
