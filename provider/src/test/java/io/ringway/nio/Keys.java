package io.ringway.nio;

import java.nio.channels.Pipe;
import java.nio.channels.spi.AbstractSelectableChannel;

/** Keys without a selector, for tests of what holds keys. */
final class Keys {
    private Keys() {}

    static RingwayKey[] some(int count) throws Exception {
        Pipe pipe = KernelProvider.JDK.openPipe();
        pipe.sink().close();
        AbstractSelectableChannel channel = pipe.source();
        RingwayKey[] keys = new RingwayKey[count];
        for (int i = 0; i < count; i++) {
            keys[i] = new RingwayKey(null, channel, 1);
        }
        channel.close();
        return keys;
    }
}
