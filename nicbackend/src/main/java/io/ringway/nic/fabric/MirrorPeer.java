package io.ringway.nic.fabric;

/** A guest of a {@link Mirror}: this process, with rings of its own. Any thread. */
final class MirrorPeer extends FabricPeer {
    /** Mapped as long as this refers to it. */
    final Mirror mirror;

    private final long pair;

    MirrorPeer(FabricPort port, Mirror mirror, long pair) {
        super(port, "this process", mirror.memory(), pair, pair);
        this.mirror = mirror;
        this.pair = pair;
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
