package io.ringway.stack.tcp;

/** Why a connection ended other than by two FINs. */
public enum Failure {
    NONE,
    /** A RST answered the SYN. */
    REFUSED,
    /** A RST arrived later, or the peer process died with data of ours unread. */
    RESET,
    /** The peer did not take the SYN in time (its process is stopped). */
    PEER_NOT_RESPONDING,
    /** Retransmission or keep-alive gave up; never on a lossless port. */
    TIMED_OUT,
    /** The peer process died before the connection was established. */
    PEER_GONE,
    /** This side aborted. */
    ABORTED
}
