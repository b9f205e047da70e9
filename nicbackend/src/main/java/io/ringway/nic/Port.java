package io.ringway.nic;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One way in and out of the process: the same-host fabric, an AF_XDP interface, a TAP device. Any thread. */
public interface Port extends AutoCloseable {
    /** Short name for counters and listings, "fabric" for instance. */
    String name();

    Capabilities capabilities();

    /** Who lends frames to the program for it to fill, or null where the port has none to lend (M12). */
    default @Nullable FrameLender lender() {
        return null;
    }

    /** A further device queue of this process. */
    DeviceQueue openQueue();

    /**
     * Looks for a way to {@code destination}. Not for the data path: may make system calls, and may wait, bounded, for
     * a peer's first answer.
     *
     * @param source the local endpoint if the program bound one, else null
     */
    Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source);

    /** Whether {@code route} was found by this port, or by one that this one stands before. */
    default boolean carries(Route route) {
        return route.port() == this;
    }

    /**
     * The link from {@code queue} to where {@code route} leads; made on first use.
     */
    Link link(DeviceQueue queue, Route route);

    /** A way to another queue of this process itself. */
    Route routeTo(DeviceQueue queue);

    /** The link from {@code queue} to where {@code other}, a link of another queue of this port, leads. */
    Link link(DeviceQueue queue, Link other);

    /**
     * Makes a listener reachable through this port. The kernel must already hold and listen on the address.
     *
     * @param bound address and port as the kernel reports them
     * @param dualStack an IPv6 wildcard that takes IPv4 too
     * @param queue where connection requests arrive
     * @return what to close when the listener closes; closing withdraws the listener before it returns
     * @throws IOException when others can't be told of it, with the reason: nothing is published then
     */
    AutoCloseable publish(IpEndpoint bound, boolean dualStack, DeviceQueue queue) throws IOException;

    /**
     * A local port number for an outgoing connection to {@code destination} that no kernel client of this host uses at the
     * same time, and no other connection of this process to there.
     *
     * @return the number, or 0 when none is free
     */
    int claimLocalPort(IpEndpoint destination);

    /** Gives a number from {@link #claimLocalPort} back. */
    void releaseLocalPort(IpEndpoint destination, int port);

    /** Adds what the port has counted beside its queues. */
    default void count(PortCounters sum) {}

    @Override
    void close();
}
