package io.ringway;

/** Why a connection or listener takes the path that it takes. */
public enum PathReason {
    /** Accelerated: the peer is on the shared-memory NIC. */
    FABRIC(true),
    /** The kernel's route look-up does not say "local", and no other port leads there. */
    NO_ROUTE(false),
    /** Nobody on the fabric listens there. */
    PEER_NOT_ON_FABRIC(false),
    /** The listener's process did not take the connection in time. */
    PEER_NOT_RESPONDING(false),
    /** The listener's process speaks another wire version. */
    PEER_VERSION(false),
    /** {@code ringway.include} or {@code ringway.exclude} say so. */
    EXCLUDED_BY_RULE(false),
    /** An option that only the kernel can serve was set before the path was chosen. */
    OPTION_NOT_SUPPORTED(false),
    /** The process may not do what a port needs. */
    PRIVILEGE_MISSING(false),
    /** The fabric, or a device, failed or could not be opened. */
    DEVICE_ERROR(false),
    /** The bound on mapped memory is reached. */
    MEMORY_BOUND(false),
    /** Registered with a selector of another provider before it was connected. */
    FOREIGN_SELECTOR(false),
    /** {@code ringway.fabric=off}. */
    TURNED_OFF(false),
    /** Accepted from a client that came over the kernel. */
    ACCEPTED_FROM_KERNEL(false);

    private final boolean accelerated;

    PathReason(boolean accelerated) {
        this.accelerated = accelerated;
    }

    public boolean accelerated() {
        return accelerated;
    }
}
