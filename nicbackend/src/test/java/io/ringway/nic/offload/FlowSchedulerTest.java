package io.ringway.nic.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.offload.FlowScheduler.Flow;
import io.ringway.nic.offload.FlowScheduler.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deficit round robin over flows with packets of any sizes and a ring that takes a few at a time. */
class FlowSchedulerTest {
    private static final int LARGEST = 1 << 16;

    private final FlowScheduler scheduler = new FlowScheduler();
    private final List<Source> order = new ArrayList<>();
    /** Packets that the ring still takes. */
    private int room;

    private int turns;

    /** A flow with a queue of packets, or with packets for ever. */
    private final class Source extends Flow {
        final Deque<Integer> packets = new ArrayDeque<>();
        private final Random sizes;
        private final int largest;
        boolean endless;
        long sent;

        Source(Random sizes, int largest) {
            this.sizes = sizes;
            this.largest = largest;
        }

        Source(Integer... packets) {
            this(new Random(0), 1);
            this.packets.addAll(List.of(packets));
        }

        void enlist() {
            if (scheduler() == null) {
                grant(false);
                scheduler.enlist(this);
            }
        }

        @Override
        protected Turn turn() {
            turns++;
            while (true) {
                if (endless && packets.isEmpty()) {
                    packets.add(1 + sizes.nextInt(largest));
                }
                if (packets.isEmpty()) {
                    return Turn.DRAINED;
                }
                if (!mayGo()) {
                    return Turn.SPENT;
                }
                if (room == 0) {
                    return Turn.BLOCKED;
                }
                room--;
                int size = packets.remove();
                spend(size);
                sent += size;
                order.add(this);
            }
        }
    }

    private boolean serve(int packets) {
        room = packets;
        return scheduler.serve();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void backloggedFlowsShareEqually(long seed) {
        Random random = new Random(seed);
        List<Source> sources = new ArrayList<>();
        for (int i = 2 + random.nextInt(30); i > 0; i--) {
            Source s = new Source(random, 256 << random.nextInt(9));
            s.endless = true;
            s.enlist();
            sources.add(s);
        }
        for (int i = 0; i < 20_000; i++) {
            assertFalse(serve(random.nextInt(20)), "seed " + seed);
            long least = sources.stream().mapToLong(s -> s.sent).min().orElseThrow();
            long most = sources.stream().mapToLong(s -> s.sent).max().orElseThrow();
            assertTrue(
                    most - least <= FlowScheduler.QUANTUM + LARGEST,
                    "seed " + seed + ", step " + i + ": from " + least + " to " + most);
        }
        assertTrue(sources.getFirst().sent > 2 * FlowScheduler.QUANTUM, "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whoeverComesAndGoesIsServedInFull(long seed) {
        Random random = new Random(seed);
        Source[] sources = new Source[20];
        long[] given = new long[sources.length];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = new Source();
        }
        for (int step = 0; step < 50_000; step++) {
            int i = random.nextInt(sources.length);
            Source s = sources[i];
            switch (random.nextInt(8)) {
                case 0 -> {
                    scheduler.withdraw(s);
                    assertNull(s.scheduler());
                    given[i] -= s.packets.stream().mapToLong(n -> n).sum();
                    s.packets.clear();
                }
                case 1, 2 -> serve(random.nextInt(4));
                default -> {
                    int size = 1 + random.nextInt(LARGEST);
                    given[i] += size;
                    s.packets.add(size);
                    s.enlist();
                }
            }
        }
        assertTrue(serve(Integer.MAX_VALUE), "seed " + seed);
        assertTrue(scheduler.isEmpty(), "seed " + seed);
        for (int i = 0; i < sources.length; i++) {
            assertEquals(given[i], sources[i].sent, "seed " + seed + ", flow " + i);
            assertNull(sources[i].scheduler(), "seed " + seed + ", flow " + i);
        }
    }

    @Test
    void aFlowThatWasNotWaitingComesFirst() {
        Source large = new Source();
        large.endless = true;
        Source other = new Source();
        other.endless = true;
        large.enlist();
        other.enlist();
        serve(1_000_000);
        Source small = new Source(64);
        small.enlist();
        order.clear();
        serve(1);
        assertEquals(List.of(small), order);
    }

    /** Otherwise one that always comes back with a little would keep the others from sending. */
    @Test
    void butNotTwiceInARound() {
        Source large = new Source(new Random(1), LARGEST);
        large.endless = true;
        Source small = new Source();
        large.enlist();
        serve(10);
        for (int i = 0; i < 200_000; i++) {
            if (small.packets.isEmpty()) {
                small.packets.add(64);
                small.enlist();
            }
            serve(1);
        }
        assertTrue(large.sent >= small.sent - FlowScheduler.QUANTUM - LARGEST, large.sent + " beside " + small.sent);
        assertTrue(small.sent > 0);
    }

    @Test
    void aTurnGoesOnWhereTheRingWasFull() {
        Source first = new Source(10_000, 10_000, 10_000);
        Source second = new Source(10_000, 10_000, 10_000);
        first.enlist();
        second.enlist();
        assertFalse(serve(2));
        assertFalse(serve(2));
        assertTrue(serve(2));
        assertEquals(List.of(first, first, first, second, second, second), order);
    }

    @Test
    void aSpentDeficitEndsTheTurn() {
        Source first = new Source(40_000, 40_000, 40_000, 40_000);
        Source second = new Source(40_000, 40_000);
        first.enlist();
        second.enlist();
        assertTrue(serve(6));
        assertEquals(List.of(first, first, second, second, first, first), order);
    }

    @Test
    void theCostDoesNotGrowWithTheNumberOfFlows() {
        for (int i = 0; i < 10_000; i++) {
            Source s = new Source(new Random(i), LARGEST);
            s.endless = true;
            s.enlist();
        }
        for (int i = 0; i < 100_000; i++) {
            turns = 0;
            serve(1);
            assertTrue(turns <= 3, turns + " turns for one packet");
        }
        assertEquals(100_000, order.size());
    }

    @Test
    void aFlowWaitsInOnePlaceOnly() {
        Source a = new Source(1);
        a.enlist();
        assertThrows(IllegalStateException.class, () -> new FlowScheduler().enlist(a));
        new FlowScheduler().withdraw(a);
        assertEquals(scheduler, a.scheduler());
    }
}
