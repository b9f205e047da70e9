package io.ringway.nio;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A growing array of keys, in which {@link RingwayKey#activePlace} may be kept. Selecting thread. */
final class ReadyKeys {
    private static final int INITIAL = 16;

    private @Nullable RingwayKey[] keys = new RingwayKey[INITIAL];
    private int size;

    int size() {
        return size;
    }

    RingwayKey get(int i) {
        return Objects.requireNonNull(keys[i]);
    }

    /** Adds {@code key} and returns its place. */
    int add(RingwayKey key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size] = key;
        return size++;
    }

    /** Fills the place with the last key, and returns that one, or null if it was the place's own. */
    @Nullable
    RingwayKey removeAt(int place) {
        RingwayKey last = keys[--size];
        keys[size] = null;
        if (place == size) {
            return null;
        }
        keys[place] = last;
        return last;
    }

    /** Takes out {@code key}, wherever it is. */
    void remove(RingwayKey key) {
        for (int i = 0; i < size; i++) {
            if (keys[i] == key) {
                removeAt(i);
                return;
            }
        }
    }

    void clear() {
        Arrays.fill(keys, 0, size, null);
        size = 0;
    }
}
