package io.ringway.nic;

/** A way to a listener: made by {@link Port#resolve}, meaningful to that port only. */
public interface Route {
    /** The port that carries it. */
    Port port();

    /** The address that the kernel would use as ours towards the destination (port 0). */
    IpEndpoint source();

    Peer peer();
}
