package io.ringway.nio;

import java.util.Arrays;

/** The keys of a channel in selectors of this package. Any thread. */
final class ChannelKeys {
    private static final RingwayKey[] NONE = {};

    private volatile RingwayKey[] keys = NONE;

    RingwayKey[] all() {
        return keys;
    }

    synchronized void add(RingwayKey key) {
        RingwayKey[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = key;
        keys = more;
    }

    synchronized void remove(RingwayKey key) {
        RingwayKey[] before = keys;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == key) {
                RingwayKey[] fewer = Arrays.copyOf(before, before.length - 1);
                System.arraycopy(before, i + 1, fewer, i, fewer.length - i);
                keys = fewer.length == 0 ? NONE : fewer;
                return;
            }
        }
    }

    /** Tells every selector that the channel may be ready. */
    void changed() {
        for (RingwayKey key : keys) {
            key.channelChanged();
        }
    }
}
