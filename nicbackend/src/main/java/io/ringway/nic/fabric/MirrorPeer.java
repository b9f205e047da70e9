package io.ringway.nic.fabric;

/** A guest of a {@link Mirror}: this process once more, with rings of its own. Any thread. */
final class MirrorPeer extends SelfPeer {
    /** Mapped as long as this refers to it. */
    final Mirror mirror;

    MirrorPeer(FabricPort port, Mirror mirror, long pair) {
        super(port, "this process", mirror.memory(), pair);
        this.mirror = mirror;
    }
}
