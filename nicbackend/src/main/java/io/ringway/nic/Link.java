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

    /** Frames ever committed. Owner's thread. Counts only where {@link #lag} does. */
    default long committed() {
        return 0;
    }

    /**
     * Whether less than a quarter of the ring is free, which belongs to flows that have next to nothing in the ring (M5).
     * Reads the peer's cursor only if it seems so. A queue that is armed after this was found is told when it is over, as
     * after a {@linkplain DeviceQueue#claim claim} that failed. Owner's thread; false on ports that can't know.
     */
    default boolean isCrowded() {
        return false;
    }

    /**
     * The word at {@code offset} in the memory that the peer lends this process, as it is now; the peer's memory stays
     * readable after its death. Untrusted: any value may come. Any thread.
     *
     * @return the word, or 0 where the port lends no memory, or {@code offset} is outside of it or not a multiple of 8
     */
    long peerWord(long offset);

    /** Bytes of frame memory that the other side holds: committed and not yet released. Owner's thread. */
    default long pinned() {
        return 0;
    }

    /**
     * Whether nobody reads the other end any more: claims fail for good. The peer is gone, or has closed that queue and
     * is reached by another one, once it has named it. Owner's thread.
     */
    default boolean isClosed() {
        return !peer().alive();
    }
}
