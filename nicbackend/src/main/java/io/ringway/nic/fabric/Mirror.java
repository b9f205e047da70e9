package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.SharedMemory;
import io.ringway.memory.Words;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Route;

/**
 * This process as another one would see it, over a mapping of its own: guests that are the process itself join the fabric,
 * exchange frames and leave as other processes would, unseen from outside. For whoever has to see such things happen before
 * another process comes. Any thread.
 */
public final class Mirror {
    private final FabricPort port;
    private final Words memory;

    private Mirror(FabricPort port, SharedMemory mapping) {
        this.port = port;
        this.memory = new Words(mapping.segment());
    }

    /**
     * Maps the memory of {@code port} once more, for as long as the mirror or a guest of it is in use.
     *
     * @throws LinuxException when the system refuses
     */
    public static Mirror of(FabricPort port) throws LinuxException {
        SharedMemory mapping = port.sharedMemory().mirror();
        Mirror mirror = new Mirror(port, mapping);
        Mappings.add(mirror, mapping);
        return mirror;
    }

    Words memory() {
        return memory;
    }

    /**
     * A guest joins.
     *
     * @throws LinuxException when there is no memory for what a peer needs
     */
    public Guest join() throws LinuxException {
        long pair = port.fabricMemory().takeBlock(Layout.PAIR_BYTES);
        if (pair == 0) {
            int noMemory = 12;
            throw new LinuxException("a mirror's guest", noMemory);
        }
        MirrorPeer peer = new MirrorPeer(port, this, pair);
        Mappings.add(peer);
        port.join(peer);
        return new Guest(port, peer);
    }

    /** One guest. */
    public static final class Guest implements AutoCloseable {
        private final FabricPort port;
        private final MirrorPeer peer;

        private Guest(FabricPort port, MirrorPeer peer) {
            this.port = port;
            this.peer = peer;
        }

        /** The way to one of this process's queues over the mirror; answers come back over it too. */
        public Route routeTo(DeviceQueue queue) {
            return new FabricRoute(port, IpEndpoint.v4(0, 0), peer, queue.id());
        }

        /** Leaves: connections of this guest are reset. */
        @Override
        public void close() {
            port.lose(peer, "");
        }
    }
}
