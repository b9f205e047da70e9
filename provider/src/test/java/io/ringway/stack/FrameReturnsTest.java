package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames that are read on another stack than they came to go back in batches (M6). */
class FrameReturnsTest {
    private static final int FRAMES = 100;

    private final List<Long> released = new ArrayList<>();
    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20);
    private final IdleQueue.Frames frames = new IdleQueue.Frames(memory);
    private final NetworkStack home = IdleQueue.stack(memory, released::add, frames);
    private final NetworkStack elsewhere = IdleQueue.stack(Arena.ofAuto().allocate(1 << 10), released::add);

    private void give() {
        assertTrue(elsewhere.tryOwn());
        for (int i = 1; i <= FRAMES; i++) {
            home.releaseReceived(i, elsewhere);
        }
        elsewhere.disown();
    }

    @Test
    void comeHomeInOrderAndInOneRequestForMany() {
        give();
        List<Long> expected = new ArrayList<>();
        for (long i = 1; i <= FRAMES; i++) {
            expected.add(i);
        }
        assertEquals(expected, released);
        assertEquals(2, home.counters().requests);
    }

    @Test
    void waitForTheOwner() {
        assertTrue(home.tryOwn());
        give();
        assertEquals(0, released.size());
        home.disown();
        assertEquals(FRAMES, released.size());
    }

    @Test
    void allocatedOnesAreFreed() {
        assertTrue(home.tryOwn());
        long first = home.queue().allocate(1);
        long second = home.queue().allocate(1);
        home.disown();
        assertTrue(elsewhere.tryOwn());
        home.freeOwn(first, elsewhere);
        home.releaseReceived(77, elsewhere);
        home.freeOwn(second, elsewhere);
        assertEquals(2, frames.taken());
        elsewhere.disown();
        assertEquals(0, frames.taken());
        assertEquals(List.of(77L), released);
    }

    @Test
    void goToSeveralStacksAtOnce() {
        List<Long> others = new ArrayList<>();
        NetworkStack third = IdleQueue.stack(Arena.ofAuto().allocate(1 << 10), others::add);
        assertTrue(elsewhere.tryOwn());
        for (long i = 1; i <= FRAMES; i++) {
            (i % 3 == 0 ? third : home).releaseReceived(i, elsewhere);
        }
        elsewhere.disown();
        assertEquals(FRAMES / 3, others.size());
        assertEquals(FRAMES - FRAMES / 3, released.size());
    }

    /** A stack whose owner is busy for long holds no bound of requests up. */
    @Test
    void noneIsLostWhereManyRequestsWait() {
        assertTrue(home.tryOwn());
        for (int i = 0; i < 50; i++) {
            give();
        }
        home.disown();
        assertEquals(50 * FRAMES, released.size());
        give();
        assertEquals(51 * FRAMES, released.size());
    }

    @Test
    void nothingIsAllocatedForThem() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int round = 0; round < 60; round++) {
            assertTrue(home.tryOwn());
            long before = threads.getCurrentThreadAllocatedBytes();
            give();
            long after = threads.getCurrentThreadAllocatedBytes();
            home.disown();
            allocated += round < 10 ? 0 : after - before;
        }
        assertEquals(60 * FRAMES, released.size());
        assertTrue(allocated < 50 * 64, allocated + " bytes for 50 rounds of " + FRAMES);
    }
}
