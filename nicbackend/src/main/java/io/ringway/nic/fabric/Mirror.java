package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.SharedMemory;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Route;

/**
 * A guest on the fabric that is this process itself: it joins, exchanges frames and leaves as another process would, unseen
 * from outside. For whoever has to see such things happen before another process comes. Any thread.
 */
public final class Mirror implements AutoCloseable {
    private final FabricPort port;
    private final MirrorPeer peer;

    private Mirror(FabricPort port, MirrorPeer peer) {
        this.port = port;
        this.peer = peer;
    }

    /**
     * Joins.
     *
     * @throws LinuxException when the system doesn't map the memory again, or there is none for what a peer needs
     */
    public static Mirror join(FabricPort port) throws LinuxException {
        SharedMemory mapping = port.sharedMemory().mirror();
        long pair = port.fabricMemory().takeBlock(Layout.PAIR_BYTES);
        if (pair == 0) {
            mapping.close();
            int noMemory = 12;
            throw new LinuxException("a mirror's place", noMemory);
        }
        MirrorPeer peer = new MirrorPeer(port, mapping, pair);
        port.join(peer);
        return new Mirror(port, peer);
    }

    /** The way to one of this process's queues over the mirror; answers come back over it too. */
    public Route routeTo(DeviceQueue queue) {
        return new FabricRoute(port, IpEndpoint.v4(0, 0), peer, queue.id());
    }

    /** Leaves: connections over it are reset. */
    @Override
    public void close() {
        port.lose(peer, "");
    }
}
