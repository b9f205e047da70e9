package io.ringway.nic.wrap;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import io.ringway.nic.PortCounters;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A port that passes everything on to another one; its queues are {@link WrappedQueue}s. Any thread. */
abstract class WrappedPort implements Port {
    private final Port inner;

    WrappedPort(Port inner) {
        this.inner = inner;
    }

    Port inner() {
        return inner;
    }

    /** The queue of the port inside. */
    private static DeviceQueue inner(DeviceQueue queue) {
        return ((WrappedQueue) queue.device()).inner();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return inner.resolve(destination, source);
    }

    @Override
    public boolean carries(Route route) {
        return inner.carries(route);
    }

    @Override
    public Link link(DeviceQueue queue, Route route) {
        return inner.link(inner(queue), route);
    }

    @Override
    public Route routeTo(DeviceQueue queue) {
        return inner.routeTo(inner(queue));
    }

    @Override
    public Link link(DeviceQueue queue, Link other) {
        return inner.link(inner(queue), other);
    }

    @Override
    public AutoCloseable publish(IpEndpoint bound, boolean dualStack, DeviceQueue queue) throws IOException {
        return inner.publish(bound, dualStack, inner(queue));
    }

    @Override
    public int claimLocalPort(IpEndpoint destination) {
        return inner.claimLocalPort(destination);
    }

    @Override
    public void releaseLocalPort(IpEndpoint destination, int port) {
        inner.releaseLocalPort(destination, port);
    }

    @Override
    public void count(PortCounters sum) {
        inner.count(sum);
    }

    @Override
    public void close() {
        inner.close();
    }
}
