package io.ringway.nic.fabric;

import io.ringway.memory.OutOfLine;
import io.ringway.memory.Words;
import io.ringway.nic.FrameHandler;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's side of one ring: from one queue of a peer to one queue of this process. Nothing that is read from the
 * peer is used unchecked, and each word of it is read once. The queue's thread only.
 */
final class ReceiveRing {
    /** Marks what a received frame is called by, against frames of this process's own. */
    static final long HANDLE = 1L << 62;

    private static final int RING_BITS = 16;

    final FabricQueue queue;
    final PeerSide side;
    final int index;

    /** Which place in the peer's directory it has. */
    final long directoryPosition;

    /** This process's block of cursors for it. */
    final long block;

    private final Words own;
    private final Words theirs;
    private final MemorySegment theirMemory;
    private final long theirSize;
    private final long[] headers;
    private final long slots;
    private final int mask;
    private final int quarter;
    private final long handle;

    private long position;
    /** Kept so that its load is not left out. */
    @SuppressWarnings("unused")
    private long secondLine;

    private long published;
    private long wantsSeen;

    private long released;
    private long harvested;
    private int[] held = new int[0];
    private int heldFrom;
    private int heldTo;

    /** Frames of the peer that the stack has and hasn't released. */
    int lent;

    boolean active;

    /** Something was released since the last look at who waits for it. */
    boolean releasedSomething;

    /** Nothing more comes; goes when nothing is lent any more. */
    boolean leaving;

    /** The position at the last look for silent rings. */
    long lastSweep;

    private FabricLink lastSource;

    ReceiveRing(PeerSide side, int index, long directoryPosition, long slots, int slotCount, int sender, long block) {
        this.queue = side.queue;
        this.side = side;
        this.index = index;
        this.directoryPosition = directoryPosition;
        this.block = block;
        this.own = queue.words();
        this.theirs = side.peer.memory();
        this.theirMemory = theirs.segment();
        this.theirSize = theirMemory.byteSize();
        this.headers = queue.headers();
        this.slots = slots;
        this.mask = slotCount - 1;
        this.quarter = slotCount >>> 2;
        this.handle = HANDLE | (long) (queue.id() & Layout.QUEUES - 1) << 32 + RING_BITS | (long) index << 32;
        this.lastSource = side.link(sender);
    }

    /** The line in the queue table of the queue that a handle belongs to. */
    static int queueLine(long handle) {
        return (int) (handle >>> 32 + RING_BITS) & Layout.QUEUES - 1;
    }

    /** The ring of that queue. */
    static int ringIndex(long handle) {
        return (int) (handle >>> 32) & (1 << RING_BITS) - 1;
    }

    int sender() {
        return lastSource.target;
    }

    long position() {
        return position;
    }

    /** Whether the producer must give notice of what it publishes. */
    void sleep(boolean asleep) {
        own.setRelease(block + Layout.DORMANT, asleep ? 1 : 0);
    }

    /** Whether the producer has closed the ring, everything was taken from it, and nothing of it is lent. */
    boolean isDone() {
        return side.peer.hasClosedRing(directoryPosition) && !hasNext() && lent == 0;
    }

    /** Whether the producer has closed the ring, and nothing of it is lent: what it still holds is lost. */
    boolean isDropped() {
        return side.peer.hasClosedRing(directoryPosition) && lent == 0;
    }

    /** Whether another frame waits. */
    boolean hasNext() {
        return theirs.getAcquire(slots + ((position & mask) << Layout.SLOT_SHIFT)) == position + 1;
    }

    int poll(FrameHandler handler, int budget) {
        long p = position;
        long end = p + budget;
        while (p != end) {
            long slot = slots + ((p & mask) << Layout.SLOT_SHIFT);
            long stamp = theirs.getAcquire(slot);
            if (stamp != p + 1) {
                if (stamp != (p > mask ? p - mask : 0)) {
                    queue.counters.garbageStamps++;
                    side.peer.fail("impossible stamp");
                }
                break;
            }
            position = ++p;
            if (!deliver(handler, slot, theirs.get(slot + Layout.SLOT_DESCRIPTOR), null)) {
                queue.counters.garbageSlots++;
                side.peer.fail("impossible descriptor");
                break;
            }
            if (p - published >= quarter) {
                publish();
            }
        }
        if (published != p) {
            publish();
        }
        return (int) (budget - (end - p));
    }

    /** Hands one frame over; false when the slot says what can't be. */
    private boolean deliver(FrameHandler handler, long slot, long descriptor, @Nullable OutOfLine never) {
        int headerLength = Layout.headerLength(descriptor);
        int payloadLength = Layout.payloadLength(descriptor);
        int sender = Layout.senderQueue(descriptor);
        FabricLink source = lastSource;
        if (headerLength > Layout.INLINE || sender != source.target && (source = turnTo(sender)) == null) {
            return false;
        }
        long frame = 0;
        long payload = slot + Layout.SLOT_HEADERS + headerLength;
        if (Layout.inFrame(descriptor)) {
            long place = headerLength > Layout.INLINE - 8 ? -1 : theirs.get(slot + Layout.frameWord(headerLength));
            long unit = place >>> 32;
            long inside = place & 0xffff_ffffL;
            payload = (unit << Layout.UNIT_SHIFT) + inside;
            if (inside > FrameStore.LARGEST - payloadLength || payload > theirSize - payloadLength) {
                return false;
            }
            frame = handle | unit;
            lent++;
        } else if (headerLength + payloadLength > Layout.INLINE) {
            return false;
        } else {
            // Asked for now, and there when the payload is copied.
            secondLine = theirs.get(slot + Layout.SLOT_SECOND_LINE);
        }
        theirs.getNetwork(slot + Layout.SLOT_HEADERS, headers, headerLength);
        FabricCounters counters = queue.counters;
        counters.framesIn++;
        counters.bytesIn += headerLength + payloadLength;
        handler.onFrame(source, headers, headerLength, theirMemory, payload, payloadLength, frame);
        return true;
    }

    private @Nullable FabricLink turnTo(int sender) {
        if (!side.peer.hasQueue(sender)) {
            return null;
        }
        lastSource = side.link(sender);
        return lastSource;
    }

    /** Tells the producer how far its slots may be used again. */
    private void publish() {
        boolean far = (position ^ published) >= quarter;
        published = position;
        own.setRelease(block + Layout.CONSUMED, position);
        if (far) {
            Fence.full();
            answerWant();
        }
    }

    /** Rings for a producer that sleeps until slots or frames come back. After a full fence. */
    void answerWant() {
        long wants = theirs.getAcquire(slots - Layout.RING_SLOTS + Layout.RING_WANT);
        if (wants != wantsSeen) {
            wantsSeen = wants;
            queue.counters.bellsRung++;
            side.peer.ring(sender());
        }
    }

    void release(long frame) {
        lent--;
        int unit = (int) frame;
        if (released - harvested >= Layout.COMPLETION_COUNT || heldFrom != heldTo) {
            hold(unit);
            pushHeld();
        } else {
            push(unit);
        }
    }

    private void push(int unit) {
        own.setInt(block + Layout.COMPLETIONS + ((released & Layout.COMPLETION_COUNT - 1) << 2), unit);
        own.setRelease(block + Layout.RELEASED, ++released);
    }

    private void hold(int unit) {
        if (heldTo == held.length) {
            int n = heldTo - heldFrom;
            int[] larger = n >= held.length >>> 1 ? new int[Math.max(64, 2 * held.length)] : held;
            System.arraycopy(held, heldFrom, larger, 0, n);
            held = larger;
            heldFrom = 0;
            heldTo = n;
        }
        held[heldTo++] = unit;
        queue.counters.releasesHeld++;
    }

    /** Passes releases on that found no place earlier; false when some still don't. */
    boolean pushHeld() {
        if (heldFrom == heldTo || side.peer.isGone()) {
            return true;
        }
        long seen = theirs.getAcquire(slots - Layout.RING_SLOTS + Layout.RING_HARVESTED);
        if (seen - harvested < 0 || seen - released > 0) {
            queue.counters.garbageCursors++;
            side.peer.fail("impossible harvest position");
            return true;
        }
        harvested = seen;
        while (heldFrom != heldTo && released - harvested < Layout.COMPLETION_COUNT) {
            push(held[heldFrom++]);
        }
        return heldFrom == heldTo;
    }
}
