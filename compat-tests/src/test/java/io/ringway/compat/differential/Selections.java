package io.ringway.compat.differential;

import java.nio.channels.Selector;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Who selects with the same selector at the same time. They wait for each other, and what stands in the selected-key set
 * when one of them looks may be what the next one has selected: a matter of time, on every provider.
 */
final class Selections {
    /** The selections with one selector, since there was none. */
    private static final class Together {
        int inside;
        boolean several;
    }

    private final Map<Selector, Together> bySelector = new IdentityHashMap<>();

    synchronized void enter(Selector selector) {
        Together together = bySelector.computeIfAbsent(selector, s -> new Together());
        together.several |= together.inside > 0;
        together.inside++;
    }

    /** True if nobody else was selecting. */
    synchronized boolean leave(Selector selector) {
        Together together = bySelector.get(selector);
        if (together == null) {
            throw new IllegalStateException("left without having entered");
        }
        boolean alone = !together.several;
        if (--together.inside == 0) {
            bySelector.remove(selector);
        }
        return alone;
    }
}
