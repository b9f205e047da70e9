package io.ringway.nic;

/**
 * The way of all frames out, whichever port they leave by (M4): writes checksums and cuts super-segments (M10) for the
 * ports that don't. Has no state but what {@link TransmitStage} keeps per queue, so that threads share nothing. Any
 * thread.
 */
public final class TransmitPipeline {
    TransmitPipeline() {}

    /** What a port can do behind this pipeline. */
    public Capabilities complete(Capabilities own) {
        Capabilities completed = own.checksums() ? own : own.withChecksums();
        return own.mtu() == Capabilities.WHOLE || own.segmentation() ? completed : completed.withSegmentation();
    }

    TransmitStage stage(DeviceQueue queue) {
        Capabilities own = queue.capabilities();
        return new TransmitStage(queue, !own.checksums(), own.segmentation());
    }
}
