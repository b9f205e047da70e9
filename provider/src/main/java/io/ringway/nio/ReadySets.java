package io.ringway.nio;

import io.ringway.linux.LinuxException;
import io.ringway.linux.Poller;
import io.ringway.memory.OutOfLine;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * Which keys of a selector are ready. Readiness is level-triggered and its cost follows what is ready, not what is
 * registered: a key that may be ready is active, every selection looks at the active keys only, and a key that is seen
 * not to be ready is active no longer until its next event. What the inner selector finds counts for one selection.
 * Selecting thread.
 */
final class ReadySets {
    private final ReadyKeys active = new ReadyKeys();
    private final ReadyKeys fromKernel = new ReadyKeys();
    private final SelectedKeys selected = new SelectedKeys();
    private final Runnable afterAction;

    /** Makes empty sets. {@code afterAction} runs after every action of the program; it may throw. */
    ReadySets(Runnable afterAction) {
        this.afterAction = afterAction;
    }

    /** The selected-key set as the program sees it. */
    SelectedKeys selected() {
        return selected;
    }

    /** Something may be ready that nobody has looked at. */
    boolean hasActive() {
        return active.size() != 0;
    }

    /** The inner selector has found something in this selection. */
    boolean hasFromKernel() {
        return fromKernel.size() != 0;
    }

    /** The key may be ready. */
    void activate(RingwayKey key) {
        if (key.activePlace < 0 && !key.gone) {
            key.sourceReady = 0;
            key.activePlace = active.add(key);
        }
    }

    private void deactivate(RingwayKey key) {
        int place = key.activePlace;
        if (place >= 0) {
            RingwayKey moved = active.removeAt(place);
            if (moved != null) {
                moved.activePlace = place;
            }
            key.activePlace = -1;
            key.sourceReady = 0;
        }
    }

    /** Looks at all active keys, and lets go of those that are not ready. True if there are others. */
    boolean anyReady() {
        boolean ready = false;
        for (int i = active.size() - 1; i >= 0; i--) {
            RingwayKey key = active.get(i);
            key.sourceReady = key.source == null ? 0 : wanted(key.source.readiness(), key.inForce());
            if (key.sourceReady == 0) {
                deactivate(key);
            } else {
                ready = true;
            }
        }
        return ready;
    }

    /** What concerns a key with that interest of a channel's readiness; 0 if nothing does. */
    private static int wanted(int readiness, int interest) {
        int noise = interest << RingwayChannel.NOISE;
        return interest == 0 || (readiness & (interest | noise)) == 0
                ? 0
                : readiness & (interest | noise | RingwayChannel.HUNG_UP);
    }

    /** The inner selector has found {@code ops} ready. */
    void kernelReady(RingwayKey key, int ops) {
        if (key.kernelReady == 0) {
            fromKernel.add(key);
        }
        key.kernelReady |= ops;
    }

    /**
     * Updates ready sets and selected keys, or gives the ready keys to {@code action}.
     *
     * @return how many ready sets changed, or keys were given
     */
    int update(@Nullable Consumer<SelectionKey> action, @Nullable OutOfLine never) {
        int updated = 0;
        try {
            for (int i = 0; i < fromKernel.size(); i++) {
                RingwayKey key = fromKernel.get(i);
                int ready = key.kernelReady | key.sourceReady;
                key.sourceReady = 0;
                updated += deliver(key, ready, action);
            }
        } finally {
            forgetKernel();
        }
        // The last ones were not ready before. They come first (M5): a message does not wait for streams.
        // The set of selected keys is walked from its end.
        if (action == null) {
            for (int i = 0; i < active.size(); i++) {
                updated += deliverActive(i, null);
            }
        } else {
            for (int i = active.size() - 1; i >= 0; i = Math.min(i, active.size()) - 1) {
                updated += deliverActive(i, action);
            }
        }
        return updated;
    }

    private int deliverActive(int place, @Nullable Consumer<SelectionKey> action) {
        RingwayKey key = active.get(place);
        int ready = key.sourceReady;
        return ready == 0 ? 0 : deliver(key, ready, action);
    }

    private void forgetKernel() {
        for (int i = 0; i < fromKernel.size(); i++) {
            fromKernel.get(i).kernelReady = 0;
        }
        fromKernel.clear();
    }

    private int deliver(RingwayKey key, int ready, @Nullable Consumer<SelectionKey> action) {
        int interest = key.interest();
        int wanted = ready & interest;
        if (action != null) {
            key.ready(wanted);
            if (wanted == 0) {
                return 0;
            }
            action.accept(key);
            afterAction.run();
            return 1;
        }
        if (key.selectedPlace >= 0) {
            int old = key.ready();
            // A hang-up is all that is left: it replaces what was ready, which shows where the interest has changed.
            boolean replaced = (old & ~interest) != 0 && wanted == interest && isHungUp(key, ready);
            key.ready(replaced ? wanted : old | wanted);
            return (wanted & ~old) != 0 ? 1 : 0;
        }
        key.ready(wanted);
        if (wanted == 0) {
            return 0;
        }
        selected.select(key);
        return 1;
    }

    private boolean isHungUp(RingwayKey key, int ready) {
        SelectionKeyImpl kernelKey = key.kernelKey();
        if ((ready & RingwayChannel.HUNG_UP) != 0 || key.kernelReady == 0 || kernelKey == null) {
            return (ready & RingwayChannel.HUNG_UP) != 0;
        }
        try {
            return Poller.isHungUp(((SelChImpl) kernelKey.channel()).getFDVal());
        } catch (LinuxException e) {
            // The next operation of the channel tells more.
            return false;
        }
    }

    /** The key leaves the selector, for good. */
    void remove(RingwayKey key) {
        deactivate(key);
        key.gone = true;
        if (key.kernelReady != 0) {
            key.kernelReady = 0;
            fromKernel.remove(key);
        }
        selected.deselect(key);
    }
}
