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
        }
    }
}
