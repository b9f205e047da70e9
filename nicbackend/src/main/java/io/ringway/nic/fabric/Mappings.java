package io.ringway.nic.fabric;

import io.ringway.linux.SharedMemory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unmaps memory when nothing can touch it any more: a peer is reachable from every link, ring and route that leads to
 * it, and a port from every queue, so that the collector knows. Looked at when peers and queues come and go. Any
 * thread.
 */
final class Mappings {
    private static final ReferenceQueue<Object> UNREACHABLE = new ReferenceQueue<>();
    private static final Set<Mapping> ALL = new HashSet<>();

    private Mappings() {}

    private static final class Mapping extends PhantomReference<Object> {
        /** What to unmap, or null for nothing. */
        final @Nullable SharedMemory memory;

        /** Where this process kept what concerned a peer: to be given back, if that memory still is in use. */
        final WeakReference<FabricMemory> own;

        /** 0 for nothing. */
        final long pair;

        Mapping(Object owner, @Nullable SharedMemory memory, WeakReference<FabricMemory> own, long pair) {
            super(owner, UNREACHABLE);
            this.memory = memory;
            this.own = own;
            this.pair = pair;
        }
    }

    /** Unmaps a peer's memory once the peer is unreachable. */
    static void add(RemotePeer peer) {
        add(new Mapping(peer, peer.mapping(), own(peer), peer.ourPair()));
    }

    /** Takes back where this process kept what concerns a guest that is itself, once that is unreachable. */
    static void add(MirrorPeer peer) {
        add(new Mapping(peer, null, own(peer), peer.theirPair()));
    }

    private static WeakReference<FabricMemory> own(FabricPeer peer) {
        return new WeakReference<>(peer.port().fabricMemory());
    }

    /** Unmaps a mirror once it and its guests are unreachable. */
    static void add(Mirror mirror, SharedMemory mapping) {
        add(new Mapping(mirror, mapping, new WeakReference<>(null), 0));
    }

    /** Unmaps a closed port's memory once the port is unreachable. */
    static void add(FabricPort port) {
        add(new Mapping(port, port.sharedMemory(), new WeakReference<>(null), 0));
    }

    private static void add(Mapping mapping) {
        synchronized (ALL) {
            ALL.add(mapping);
        }
        sweep();
    }

    /** Unmaps what can be; how many mappings are left. */
    static int sweep() {
        for (Reference<?> r = UNREACHABLE.poll(); r != null; r = UNREACHABLE.poll()) {
            Mapping mapping = (Mapping) r;
            synchronized (ALL) {
                ALL.remove(mapping);
            }
            if (mapping.memory != null) {
                mapping.memory.close();
            }
            FabricMemory own = mapping.own.get();
            if (own != null) {
                own.giveBlock(mapping.pair, Layout.PAIR_BYTES);
            }
        }
        synchronized (ALL) {
            return ALL.size();
        }
    }
}
