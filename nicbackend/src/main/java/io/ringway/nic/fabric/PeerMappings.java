package io.ringway.nic.fabric;

import io.ringway.linux.SharedMemory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/**
 * Unmaps the memory of peers when nothing can touch it any more: a peer is reachable from every link, ring and route
 * that leads to it, so that the collector knows. Looked at when peers come and go. Any thread.
 */
final class PeerMappings {
    private final ReferenceQueue<RemotePeer> unreachable = new ReferenceQueue<>();
    private final Set<Mapping> all = new HashSet<>();

    private static final class Mapping extends PhantomReference<RemotePeer> {
        final SharedMemory memory;
        final FabricMemory own;
        final long pair;

        Mapping(RemotePeer peer, ReferenceQueue<RemotePeer> queue) {
            super(peer, queue);
            this.memory = peer.mapping();
            this.own = peer.port().fabricMemory();
            this.pair = peer.ourPair();
        }
    }

    synchronized void add(RemotePeer peer) {
        sweep();
        all.add(new Mapping(peer, unreachable));
    }

    /** Unmaps what can be; how many mappings are left. */
    synchronized int sweep() {
        for (Reference<?> r = unreachable.poll(); r != null; r = unreachable.poll()) {
            Mapping mapping = (Mapping) r;
            all.remove(mapping);
            mapping.memory.close();
            mapping.own.giveBlock(mapping.pair, Layout.PAIR_BYTES);
        }
        return all.size();
    }
}
