package io.ringway.nic.fabric;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Links of one queue that share a condition. The queue's thread only. */
final class LinkSet {
    private @Nullable FabricLink[] links = new FabricLink[4];
    private int count;

    int size() {
        return count;
    }

    FabricLink get(int i) {
        return Objects.requireNonNull(links[i]);
    }

    void add(FabricLink link) {
        if (count == links.length) {
            links = Arrays.copyOf(links, 2 * count);
        }
        links[count++] = link;
    }

    void clear() {
        count = 0;
    }

    /** Puts the last one in the place of this one. */
    void remove(int i) {
        links[i] = links[--count];
        // What it leads to is to be unmapped, if it was the last to lead there.
        links[count] = null;
    }

    void remove(FabricLink link) {
        for (int i = count - 1; i >= 0; i--) {
            if (links[i] == link) {
                remove(i);
            }
        }
    }
}
