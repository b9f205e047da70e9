package io.ringway.nic;

/** The other end of a port that one can lose as a whole: a process on the same host, or the wire of a device. Any thread. */
public interface Peer {
    /** A name for people: process id and guest name, or the interface. */
    String name();

    /** False as soon as the peer is known to be gone. */
    boolean alive();

    /**
     * Whether the peer is known to be stopped (SIGSTOP, a debugger), so that waiting for an answer is in vain. May make
     * system calls.
     */
    boolean stopped();
}
