package io.ringway.nic.fabric;

import io.ringway.nic.FrameHandler;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The rings that end in one queue. Those with traffic are polled; those of silent peers sleep, and their producers give
 * notice with the next frame. The queue's thread only.
 */
final class RingSet {
    /** Polls between two looks for silent rings. */
    private static final int SWEEP_MASK = (1 << 13) - 1;

    /** With this many rings or fewer, polling silent ones costs less than waking them. */
    private static final int ALWAYS_ACTIVE = 4;

    private final FabricQueue queue;
    private @Nullable ReceiveRing[] all = new ReceiveRing[4];
    private final Deque<Integer> freeIndices = new ArrayDeque<>();
    private int allCount;
    private ReceiveRing[] active = new ReceiveRing[4];
    private int activeCount;
    private int next;
    private int polls;
    private ReceiveRing[] releasing = new ReceiveRing[4];
    private int releasingCount;

    RingSet(FabricQueue queue) {
        this.queue = queue;
    }

    int poll(FrameHandler handler, int budget) {
        if ((++polls & SWEEP_MASK) == 0) {
            sweep();
        }
        int done = 0;
        int n = activeCount;
        int at = next < n ? next : 0;
        for (int i = 0; i < n && done < budget; i++) {
            done += active[at].poll(handler, budget - done);
            if (++at == n) {
                at = 0;
            }
        }
        next = at;
        if (releasingCount != 0) {
            afterReleases();
        }
        return done;
    }

    /** Whether a ring has a frame; true where that is no shorter question than a poll. */
    boolean hasNext() {
        int n = activeCount;
        boolean found = n > ALWAYS_ACTIVE;
        for (int i = 0; i < n && !found; i++) {
            found = active[i].hasNext();
        }
        return found;
    }

    /** How many rings are polled. */
    int activeCount() {
        return activeCount;
    }

    boolean isEmpty() {
        return freeIndices.size() == allCount;
    }

    ReceiveRing add(PeerSide side, long directoryPosition, long slots, int slotCount, int sender, long block) {
        Integer free = freeIndices.pollLast();
        int index = free == null ? allCount++ : free;
        if (index == all.length) {
            all = Arrays.copyOf(all, 2 * index);
        }
        ReceiveRing ring = new ReceiveRing(side, index, directoryPosition, slots, slotCount, sender, block);
        all[index] = ring;
        activate(ring);
        return ring;
    }

    /** Gives up a ring from which nothing more comes, once none of its frames is lent. */
    void remove(ReceiveRing ring) {
        deactivate(ring);
        if (ring.lent != 0 || all[ring.index] != ring) {
            ring.leaving = true;
            return;
        }
        for (int i = 0; i < releasingCount; i++) {
            if (releasing[i] == ring) {
                releasing[i] = releasing[--releasingCount];
            }
        }
        all[ring.index] = null;
        freeIndices.addLast(ring.index);
        queue.port().fabricMemory().giveBlock(ring.block, Layout.CONSUMER_BYTES);
    }

    /** Polls a ring from now on. */
    void activate(ReceiveRing ring) {
        if (ring.active) {
            return;
        }
        ring.active = true;
        ring.sleep(false);
        if (activeCount == active.length) {
            active = Arrays.copyOf(active, 2 * activeCount);
        }
        active[activeCount++] = ring;
    }

    void deactivate(ReceiveRing ring) {
        for (int i = 0; ring.active && i < activeCount; i++) {
            if (active[i] == ring) {
                active[i] = active[--activeCount];
                ring.active = false;
            }
        }
    }

    /** Stops polling rings that were silent since the last sweep. */
    void sweep() {
        queue.tidy();
        for (int i = activeCount - 1; i >= 0; i--) {
            ReceiveRing ring = active[i];
            if (activeCount > ALWAYS_ACTIVE && ring.lastSweep == ring.position()) {
                ring.sleep(true);
                Fence.full();
                if (ring.hasNext()) {
                    ring.sleep(false);
                } else {
                    active[i] = active[--activeCount];
                    ring.active = false;
                    queue.counters.ringsSlept++;
                }
            }
            ring.lastSweep = ring.position();
        }
    }

    void release(long frame) {
        ReceiveRing ring = all[ReceiveRing.ringIndex(frame)];
        if (ring == null || ring.lent == 0) {
            queue.counters.badFrees++;
            return;
        }
        ring.release(frame);
        if (ring.leaving) {
            remove(ring);
        } else if (!ring.releasedSomething) {
            ring.releasedSomething = true;
            if (releasingCount == releasing.length) {
                releasing = Arrays.copyOf(releasing, 2 * releasingCount);
            }
            releasing[releasingCount++] = ring;
        }
    }

    /** Passes on what found no place, and answers producers that wait for frames. */
    private void afterReleases() {
        Fence.full();
        int kept = 0;
        for (int i = 0; i < releasingCount; i++) {
            ReceiveRing ring = releasing[i];
            if (ring.pushHeld()) {
                ring.releasedSomething = false;
            } else {
                releasing[kept++] = ring;
            }
            if (!ring.side.peer.isGone()) {
                ring.answerWant();
            }
        }
        releasingCount = kept;
    }
}
