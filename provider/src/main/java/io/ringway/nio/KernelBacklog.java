package io.ringway.nio;

import io.ringway.linux.Poller;
import java.io.IOException;

/**
 * Whether a listener of the kernel's has a connection. An accept in vain costs more than to look first: the kernel makes
 * a socket before it looks whether there is one to be accepted, and destroys it again. Accept lock of the channel.
 */
final class KernelBacklog {
    private final Poller poller = new Poller();
    private final int[] descriptor;
    private final boolean[] ready = new boolean[1];

    KernelBacklog(int descriptor) {
        this.descriptor = new int[] {descriptor};
    }

    /** No connection, and nothing else that an accept would tell of. */
    boolean isEmpty() throws IOException {
        return poller.poll(descriptor, 1, 0, ready) == 0;
    }
}
