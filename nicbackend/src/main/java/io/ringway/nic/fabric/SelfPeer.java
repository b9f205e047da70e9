package io.ringway.nic.fabric;

/** This process as its own peer. */
final class SelfPeer extends FabricPeer {
    @Override
    public boolean stopped() {
        return false;
    }

    SelfPeer(FabricPort port, String name, long pair) {
        super(port, name, port.memory(), pair, pair);
    }

    @Override
    void ring(int queue) {
        FabricQueue target = port().queue(queue);
        if (target != null) {
            target.ring();
        }
    }

    @Override
    void prepareToRing(int queue) {
        // The bell is at hand.
    }
}
