package io.ringway.nic;

import io.ringway.nic.offload.Aggregator;

/**
 * The way of all frames in, whichever port they come by (M4): verifies checksums and collects the segments of a flow
 * (M11) for the ports that don't. Has no state but an {@link Aggregator} per queue, so that threads share nothing. Any
 * thread.
 */
public final class ReceivePipeline {
    ReceivePipeline() {}

    /** What a port can do behind this pipeline. */
    public Capabilities complete(Capabilities own) {
        Capabilities completed = own.checksums() ? own : own.withChecksums();
        return collects(own) ? completed.withAggregation() : completed;
    }

    private static boolean collects(Capabilities own) {
        return own.mtu() != Capabilities.WHOLE && !own.aggregation();
    }

    Aggregator stage(DeviceQueue queue) {
        Capabilities own = queue.capabilities();
        return new Aggregator(queue::release, !own.checksums(), collects(own));
    }
}
