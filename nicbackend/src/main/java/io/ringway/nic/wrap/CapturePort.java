package io.ringway.nic.wrap;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameLender;
import io.ringway.nic.Port;
import io.ringway.nic.PortCounters;
import org.jspecify.annotations.Nullable;

/** A port whose packets, sent and received, are written into a {@link CaptureFile}. Any thread. */
public final class CapturePort extends WrappedPort {
    private final CaptureFile file;

    /** The file, in which the port has an interface by its name, stays its owner's to close. */
    public CapturePort(Port inner, CaptureFile file) {
        super(inner);
        this.file = file;
    }

    @Override
    public DeviceQueue openQueue() {
        return new CaptureQueue(this, inner().openQueue(), file);
    }

    @Override
    public void count(PortCounters sum) {
        super.count(sum);
        sum.add("captureDropped", file.dropped(name()));
    }

    /** Frames of the port itself: what goes out in them is recorded as any other. */
    @Override
    public @Nullable FrameLender lender() {
        return inner().lender();
    }
}
