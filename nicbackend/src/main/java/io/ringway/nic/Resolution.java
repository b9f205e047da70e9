package io.ringway.nic;

/** What {@link Port#resolve} found. */
public sealed interface Resolution {
    /** The destination is reachable through the port. */
    record Found(Route route) implements Resolution {}

    /** It is not, and why. */
    record Refused(Reason reason) implements Resolution {}

    /** Why a destination is not reachable through a port. */
    enum Reason {
        /** The kernel's route look-up does not say "local" (fabric), or no route leads through the device. */
        NO_ROUTE,
        /** Nobody on the fabric listens there. */
        PEER_NOT_ON_FABRIC,
        /** The listener's process did not answer in time. */
        PEER_NOT_RESPONDING,
        /** The listener's process speaks no wire version that this one speaks. */
        PEER_VERSION,
        /** The bound on mapped memory is reached. */
        MEMORY_BOUND,
        /** A device or system call failed. */
        DEVICE_ERROR
    }
}
