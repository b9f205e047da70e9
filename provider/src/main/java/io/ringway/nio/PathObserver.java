package io.ringway.nio;

import io.ringway.stack.tcp.ConnectionObserver;
import java.lang.ref.WeakReference;

/**
 * Tells a path of its connection's news for as long as somebody has the channel. A program that forgets a channel without
 * closing it leaves its connection behind, as it would a descriptor, but not its objects.
 */
final class PathObserver extends WeakReference<AcceleratedPath> implements ConnectionObserver {
    PathObserver(AcceleratedPath path) {
        super(path);
    }

    @Override
    public void readinessChanged() {
        AcceleratedPath path = get();
        if (path != null) {
            path.readinessChanged();
            if (isStuck(path)) {
                path.datapath.interrupts().look(this);
            }
        }
    }

    /** An attempt has failed that the kernel may do better, and no call of the program waits for it. */
    private static boolean isStuck(AcceleratedPath path) {
        return !path.isConnected() && Connecting.isFallBack(path.connection.failure()) && !path.channel.blocking();
    }

    /** Goes on with such an attempt if no selector does. No stack is owned. */
    void look() {
        AcceleratedPath path = get();
        if (path != null && isStuck(path) && !path.channel.isRegistered()) {
            path.readiness();
        }
    }
}
