package io.ringway.nio;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Objects by identity, of which those that nobody else refers to any more disappear. Any thread. */
final class WeakSet<T> {
    private final Set<Entry<T>> entries = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<T> cleared = new ReferenceQueue<>();

    private static final class Entry<T> extends WeakReference<T> {
        private final int hash;

        Entry(T object, @Nullable ReferenceQueue<T> queue) {
            super(object, queue);
            hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object o) {
            if (this == o) {
                return true;
            }
            T mine = get();
            return mine != null && o instanceof Entry<?> other && other.get() == mine;
        }
    }

    void add(T object) {
        for (Reference<? extends T> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            entries.remove(gone);
        }
        entries.add(new Entry<>(object, cleared));
    }

    /** False if it was not there. */
    boolean remove(T object) {
        return entries.remove(new Entry<>(object, null));
    }

    /** All that are there now. */
    List<T> all() {
        List<T> all = new ArrayList<>(entries.size());
        for (Entry<T> entry : entries) {
            T object = entry.get();
            if (object != null) {
                all.add(object);
            }
        }
        return all;
    }
}
