package io.ringway.nic;

/**
 * Where frames of a connection leave a {@link DeviceQueue}: its transmit ring towards one queue of a peer (or the
 * wire). Links are made by the port, few and long-lived; a connection holds the one it uses now.
 */
public interface Link {
    /** Who reads the other end. */
    Peer peer();

    /**
     * Frames that were committed and that the other side has not taken from the ring yet. Owner's thread. Reads the
     * peer's cursor at most once per call; 0 on ports that can't know.
     */
    int lag();

    /** Bytes of frame memory that the other side holds: committed and not yet released. Owner's thread. */
    default long pinned() {
        return 0;
    }
}
