package io.ringway.stack.memory;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Peer;
import io.ringway.nic.Port;
import io.ringway.nic.Route;

record MemoryRoute(Port port, MemoryQueue target) implements Route {
    @Override
    public IpEndpoint source() {
        return IpEndpoint.v4(0x0a000001, 0);
    }

    @Override
    public Peer peer() {
        return target.port();
    }
}
