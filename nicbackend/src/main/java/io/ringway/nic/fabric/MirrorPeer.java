package io.ringway.nic.fabric;

import io.ringway.linux.SharedMemory;
import io.ringway.memory.Words;

/** This process as another one would see it: over a mapping of its own, with rings of its own. Any thread. */
final class MirrorPeer extends FabricPeer {
    private final SharedMemory mapping;
    private final long pair;

    MirrorPeer(FabricPort port, SharedMemory mapping, long pair) {
        super(port, "this process", new Words(mapping.segment()), pair, pair);
        this.mapping = mapping;
        this.pair = pair;
    }

    SharedMemory mapping() {
        return mapping;
    }

    long pair() {
        return pair;
    }

    @Override
    public boolean stopped() {
        return false;
    }

    @Override
    void ring(int queue) {
        port().self().ring(queue);
    }

    @Override
    void prepareToRing(int queue) {
        // The bell is at hand.
    }
}
