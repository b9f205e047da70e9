package io.ringway.nic.fabric;

import io.ringway.memory.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one queue of this process has to do with one peer: its rings from there and its links there. The queue's thread
 * only.
 */
final class PeerSide {
    final FabricQueue queue;
    final FabricPeer peer;

    /** The peer's notice counter at the last look. */
    private long noticeSeen = -1;

    /** How far the peer's directory was read. */
    private long scanned;

    private boolean leaving;
    private @Nullable FabricLink[] links = new FabricLink[4];
    private final List<ReceiveRing> rings = new ArrayList<>();

    PeerSide(FabricQueue queue, FabricPeer peer) {
        this.queue = queue;
        this.peer = peer;
    }

    /** The peer is this process itself, and not to be counted. */
    boolean isMirror() {
        return peer instanceof MirrorPeer;
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
                link.retire();
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
            activateAll();
        }
    }

    private void activateAll() {
        for (int i = 0; i < rings.size(); i++) {
            queue.rings().activate(rings.get(i));
        }
    }

    private void readDirectory() {
        Words theirs = peer.memory();
        long pair = peer.theirPair();
        long count = theirs.getAcquire(pair + Layout.PAIR_COUNT);
        if (count - scanned < 0) {
            queue.counters.garbageRings++;
            peer.fail("impossible directory count");
            return;
        }
        long from = Math.max(scanned, count - Layout.RINGS);
        for (long p = from; p < count; p++) {
            long entry = pair + Layout.entry(p);
            if (theirs.getAcquire(entry + Layout.ENTRY_STAMP) != p + 1) {
                continue;
            }
            long queues = theirs.getAcquire(entry + Layout.ENTRY_QUEUES);
            long ring = theirs.getAcquire(entry + Layout.ENTRY_RING);
            boolean stable = theirs.getAcquire(entry + Layout.ENTRY_STAMP) == p + 1;
            if (stable && (int) queues == queue.id() && !attach(p, (int) (queues >>> 32), ring)) {
                // No memory: tried again with the next look.
                noticeSeen = -1;
                scanned = p;
                return;
            }
        }
        scanned = count;
    }

    /** Begins to read a ring; false when there is no memory for it now. */
    private boolean attach(long place, int sender, long ring) {
        long slots = ring & -Layout.SLOT;
        int slotCount = 1 << (int) (ring & 31);
        boolean possible = slotCount >= Layout.MIN_SLOTS
                && slotCount <= Layout.MAX_SLOTS
                && slots >= Layout.RING_SLOTS
                && slots <= peer.memory().segment().byteSize() - ((long) slotCount << Layout.SLOT_SHIFT)
                && rings.size() < Layout.RINGS
                && peer.hasQueue(sender);
        if (!possible) {
            queue.counters.garbageRings++;
            return true;
        }
        long block = queue.isClosed() ? 0 : queue.port().fabricMemory().takeBlock(Layout.CONSUMER_BYTES);
        if (block != 0) {
            rings.add(queue.rings().add(this, place, slots, slotCount, sender, block));
        } else if (!queue.isClosed()) {
            queue.counters.framesExhausted++;
            return false;
        }
        peer.answerRing(place, block);
        return true;
    }

    /** The peer is gone: what it published is still to be delivered, unless it can't be trusted. */
    void takeLeave() {
        leaving = true;
        if (peer.hasFailed()) {
            rings.forEach(queue.rings()::deactivate);
            return;
        }
        readDirectory();
        activateAll();
    }

    /** Whether the peer was found gone: what is polled from now on is all there is. */
    boolean isLeaving() {
        return leaving;
    }

    /** Takes apart what the peer has closed. */
    void tidy() {
        for (int i = rings.size() - 1; i >= 0; i--) {
            ReceiveRing ring = rings.get(i);
            if (ring.isDone() || queue.isClosed() && ring.isDropped()) {
                queue.rings().remove(ring);
                rings.remove(i);
                peer.answerRing(ring.directoryPosition, 0);
            }
        }
        for (FabricLink link : links) {
            if (link != null && !link.isClosed() && link.isTargetClosed()) {
                link.retire();
            }
        }
    }

    /** This process's queue closes: nothing more is published. */
    void retireLinks() {
        for (FabricLink link : links) {
            if (link != null) {
                link.retire();
            }
        }
    }

    /** Forgets a peer that is gone. */
    void bury() {
        for (FabricLink link : links) {
            if (link != null) {
                link.die();
            }
        }
        rings.forEach(queue.rings()::remove);
        rings.clear();
    }
}
