package io.ringway.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The selected-key set of a selector: keys can be removed by the program, and added by the selector only. An array, in
 * which every key knows its place, so that selecting allocates nothing. Not thread-safe, as the contract of {@link
 * java.nio.channels.Selector} says; its monitor is held during a selection.
 */
final class SelectedKeys extends AbstractSet<SelectionKey> {
    private static final int INITIAL = 16;

    private @Nullable RingwayKey[] keys = new RingwayKey[INITIAL];
    private int size;
    private int modifications;

    /** Adds {@code key}, which must not be in the set. */
    void select(RingwayKey key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        key.selectedPlace = size;
        keys[size++] = key;
        modifications++;
    }

    /** Removes {@code key} if it is in the set. */
    boolean deselect(RingwayKey key) {
        int place = key.selectedPlace;
        if (place < 0) {
            return false;
        }
        RingwayKey last = keys[--size];
        keys[size] = null;
        if (last != key && last != null) {
            keys[place] = last;
            last.selectedPlace = place;
        }
        key.selectedPlace = -1;
        modifications++;
        return true;
    }

    private boolean holds(@Nullable Object o) {
        return o instanceof RingwayKey key
                && key.selectedPlace >= 0
                && key.selectedPlace < size
                && keys[key.selectedPlace] == key;
    }

    @Override
    public boolean add(SelectionKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean addAll(java.util.Collection<? extends SelectionKey> c) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean contains(@Nullable Object o) {
        return holds(o);
    }

    @Override
    public boolean remove(@Nullable Object o) {
        return o instanceof RingwayKey key && holds(key) && deselect(key);
    }

    @Override
    public void clear() {
        for (int i = 0; i < size; i++) {
            RingwayKey key = keys[i];
            if (key != null) {
                key.selectedPlace = -1;
                keys[i] = null;
            }
        }
        size = 0;
        modifications++;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return new Places();
    }

    /** Walks from the end, so that the removal of the current key moves no key that is still to come. */
    private final class Places implements Iterator<SelectionKey> {
        private int next = size;
        private int expected = modifications;
        private @Nullable RingwayKey current;

        @Override
        public boolean hasNext() {
            return next > 0;
        }

        @Override
        public SelectionKey next() {
            if (expected != modifications) {
                throw new ConcurrentModificationException();
            }
            if (next <= 0) {
                throw new NoSuchElementException();
            }
            RingwayKey key = keys[--next];
            if (key == null) {
                throw new ConcurrentModificationException();
            }
            current = key;
            return key;
        }

        @Override
        public void remove() {
            RingwayKey key = current;
            if (key == null) {
                throw new IllegalStateException();
            }
            if (expected != modifications) {
                throw new ConcurrentModificationException();
            }
            deselect(key);
            expected = modifications;
            current = null;
        }
    }
}
