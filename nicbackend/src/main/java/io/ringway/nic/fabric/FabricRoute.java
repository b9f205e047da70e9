package io.ringway.nic.fabric;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Peer;
import io.ringway.nic.Port;
import io.ringway.nic.Route;

/**
 * A way to a listener on the fabric.
 *
 * @param target the peer's queue where connection requests arrive
 */
record FabricRoute(FabricPort fabric, IpEndpoint source, FabricPeer fabricPeer, int target) implements Route {
    @Override
    public Port port() {
        return fabric;
    }

    @Override
    public Peer peer() {
        return fabricPeer;
    }
}
