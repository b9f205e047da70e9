package io.ringway.nic.wrap;

import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Port;
import java.util.function.LongSupplier;

/**
 * A port whose packets out suffer {@link Faults}, as on a bad wire. Nothing above may rely on it any more: it loses, and
 * it has no checksums. Both ends of a connection must be behind such a port. Any thread.
 */
public final class FaultPort extends WrappedPort {
    private final Faults faults;
    private final LongSupplier clock;
    private final Capabilities capabilities;

    /** @param clock nanoseconds, {@link System#nanoTime} for instance */
    public FaultPort(Port inner, Faults faults, LongSupplier clock) {
        super(inner);
        this.faults = faults;
        this.clock = clock;
        Capabilities c = inner.capabilities();
        capabilities = new Capabilities(false, false, c.maxPayload(), c.inlineBytes(), c.mtu(), false, c.aggregation());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public DeviceQueue openQueue() {
        return new FaultQueue(this, inner().openQueue(), faults, clock);
    }
}
