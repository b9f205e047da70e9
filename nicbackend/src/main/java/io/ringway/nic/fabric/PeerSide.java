package io.ringway.nic.fabric;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one queue of this process has to do with one peer: its rings from there and its links there. The queue's thread only. */
final class PeerSide {
    final FabricQueue queue;
    final FabricPeer peer;

    /** The peer's notice counter at the last look. */
    private long noticeSeen = -1;

    /** How far the peer's directory was read. */
    private long scanned;

    private @Nullable FabricLink[] links = new FabricLink[4];
    private ReceiveRing[] rings = new ReceiveRing[2];
    private int ringCount;

    PeerSide(FabricQueue queue, FabricPeer peer) {
        this.queue = queue;
        this.peer = peer;
    }

    int ringCount() {
        return ringCount;
    }

    ReceiveRing ring(int i) {
        return rings[i];
    }

    /** The link to one of the peer's queues. */
    FabricLink link(int target) {
        int line = target & Layout.QUEUES - 1;
        if (line >= links.length) {
            links = Arrays.copyOf(links, Integer.highestOneBit(line) << 1);
        }
        FabricLink link = links[line];
        if (link == null || link.target != target) {
            if (link != null) {
                link.die();
            }
            link = new FabricLink(queue, peer, target);
            links[line] = link;
        }
        return link;
    }

    /** Looks whether the peer has made rings or published into silent ones. */
    void look() {
        long notice = peer.readNotice();
        if (notice != noticeSeen && !peer.hasFailed()) {
            noticeSeen = notice;
            readDirectory();
            for (int i = 0; i < ringCount; i++) {
                queue.activate(rings[i]);
            }
        }
    }

    private void readDirectory() {
        MemorySegment theirs = peer.memory();
        long pair = peer.theirPair();
        long count = Layout.getAcquire(theirs, pair + Layout.PAIR_COUNT);
        if (count - scanned < 0) {
            queue.counters.garbageRings++;
            peer.fail("impossible directory count");
            return;
        }
        long from = Math.max(scanned, count - Layout.RINGS);
        for (long p = from; p < count; p++) {
            long entry = pair + Layout.entry(p);
            if (Layout.getAcquire(theirs, entry + Layout.ENTRY_STAMP) != p + 1) {
                continue;
            }
            long queues = Layout.get(theirs, entry + Layout.ENTRY_QUEUES);
            long ring = Layout.getAcquire(theirs, entry + Layout.ENTRY_RING);
            boolean stable = Layout.getAcquire(theirs, entry + Layout.ENTRY_STAMP) == p + 1;
            if (stable && (int) queues == queue.id()) {
                attach(p, (int) (queues >>> 32), ring);
            }
        }
        scanned = count;
    }

    private void attach(long directoryPosition, int sender, long ring) {
        long slots = ring & -Layout.SLOT;
        int slotCount = 1 << (int) (ring & 31);
        boolean possible = slotCount >= Layout.MIN_SLOTS
                && slotCount <= Layout.MAX_SLOTS
                && slots >= Layout.RING_SLOTS
                && slots <= peer.memory().byteSize() - ((long) slotCount << Layout.SLOT_SHIFT)
                && peer.hasQueue(sender);
        if (!possible) {
            queue.counters.garbageRings++;
            return;
        }
        long block = queue.port().fabricMemory().takeBlock(Layout.CONSUMER_BYTES);
        if (block == 0) {
            queue.counters.framesExhausted++;
            peer.fail("no memory for a ring");
            return;
        }
        ReceiveRing made = queue.addRing(this, directoryPosition, slots, slotCount, sender, block);
        if (ringCount == rings.length) {
            rings = Arrays.copyOf(rings, 2 * ringCount);
        }
        rings[ringCount++] = made;
        peer.answerRing(directoryPosition, block);
    }

    /** The peer is gone: what it published is still to be delivered, unless it can't be trusted. */
    void takeLeave() {
        if (peer.hasFailed()) {
            queue.deactivate(this);
            return;
        }
        readDirectory();
        for (int i = 0; i < ringCount; i++) {
            queue.activate(rings[i]);
        }
    }

    void buryLinks() {
        for (FabricLink link : links) {
            if (link != null) {
                link.die();
            }
        }
    }
}
