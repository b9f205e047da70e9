package io.ringway.nic.fabric;

import io.ringway.memory.Words;

/** This process as its own peer. */
class SelfPeer extends FabricPeer {
    /** {@code memory}: this process's, by whatever mapping. */
    SelfPeer(FabricPort port, String name, Words memory, long pair) {
        super(port, name, memory, pair, pair);
    }

    @Override
    public final boolean stopped() {
        return false;
    }

    @Override
    final void ring(int queue) {
        FabricQueue target = port().queue(queue);
        if (target != null) {
            target.ring();
        }
    }

    @Override
    final void prepareToRing(int queue) {
        // The bell is at hand.
    }
}
