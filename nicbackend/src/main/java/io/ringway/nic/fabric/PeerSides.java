package io.ringway.nic.fabric;

import io.ringway.nic.FrameHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The peers that one queue has met. A poll looks at one of them in turn, so that their number costs nothing. The
 * queue's thread only.
 */
final class PeerSides {
    /** No version of a port's peers. */
    private static final long NONE = -1;

    private final FabricQueue queue;
    private final FabricPort port;
    private final List<PeerSide> sides = new ArrayList<>();
    /** Peers that this queue may not have met while they lived, and that may have sent something. Any thread. */
    private final Queue<FabricPeer> lost = new ConcurrentLinkedQueue<>();

    private long versionSeen = NONE;
    /** The version with which one peer is enough to look at; {@link #NONE} where the next look is one at all. */
    private long quietVersion = NONE;

    private int next;
    private int gone;

    PeerSides(FabricQueue queue, FabricPort port) {
        this.queue = queue;
        this.port = port;
    }

    /** The peer will be gone in a moment: the queue must meet it nevertheless. Any thread. */
    void lost(FabricPeer peer) {
        lost.add(peer);
    }

    /** Looks for new peers, lost peers and new rings. */
    void look() {
        if (quietVersion != port.peersVersion()) {
            lookEverywhere();
        } else if (next < sides.size()) {
            int s = next;
            sides.get(s).look();
            next = s + 1 == sides.size() ? 0 : s + 1;
        }
    }

    /** Makes the next look one at all peers. */
    void lookEverywhereNext() {
        quietVersion = NONE;
    }

    void lookEverywhere() {
        long version = port.peersVersion();
        boolean changed = version != versionSeen;
        if (changed) {
            versionSeen = version;
            meetPeers(port.peers());
        }
        quietVersion = gone == 0 ? version : NONE;
        for (int i = 0; i < sides.size(); i++) {
            sides.get(i).look();
        }
        if (changed) {
            queue.tidy();
        }
    }

    private void meetPeers(FabricPeer[] peers) {
        gone = 0;
        for (FabricPeer peer = lost.poll(); peer != null; peer = lost.poll()) {
            if (side(peer) == null) {
                add(peer);
            }
        }
        for (FabricPeer peer : peers) {
            if (side(peer) == null && !peer.isGone()) {
                add(peer);
            }
        }
        for (PeerSide side : sides) {
            if (side.peer.isGone()) {
                gone++;
                side.takeLeave();
            }
        }
    }

    private PeerSide add(FabricPeer peer) {
        PeerSide side = new PeerSide(queue, peer);
        sides.add(side);
        queue.counters.peersJoined += side.isMirror() ? 0 : 1;
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

    FabricLink link(FabricPeer peer, int target) {
        PeerSide side = side(peer);
        if (side == null && peer.isGone()) {
            FabricLink dead = new FabricLink(queue, peer, target);
            dead.die();
            return dead;
        }
        if (side == null) {
            side = add(peer);
            versionSeen = NONE;
            quietVersion = NONE;
        }
        return side.link(target);
    }

    boolean someoneIsGone() {
        return gone != 0;
    }

    /** After everything that a lost peer published was delivered: forgets the peer, and tells the handler. How many. */
    int sayGoodbye(@Nullable FrameHandler handler) {
        int count = 0;
        for (int i = sides.size() - 1; i >= 0; i--) {
            PeerSide side = sides.get(i);
            if (side.isLeaving()) {
                sides.remove(i);
                next = 0;
                gone--;
                queue.counters.peersGone += side.isMirror() ? 0 : 1;
                count++;
                side.bury();
                if (handler != null) {
                    handler.onPeerGone(side.peer);
                }
            }
        }
        return count;
    }

    /** Takes apart what others have closed. */
    void tidy() {
        for (PeerSide side : sides) {
            if (!side.peer.isGone()) {
                side.tidy();
            }
        }
    }

    void retireLinks() {
        for (PeerSide side : sides) {
            side.retireLinks();
        }
    }
}
