package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.linux.LinuxException;
import io.ringway.linux.SharedMemory;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is among the frames of one size, how many there are, and which have pages. */
class FramePoolTest {
    private static final int SHIFT = 16;
    private static final int SIZE = 1 << SHIFT;
    private static final int MEBIBYTE = 1 << 20;
    /** So many frames of 64 KiB are four mebibytes, which a busy pool goes through. */
    private static final int ROTATION = 64;
    /** More than a pool that is not busy hands out between two trims. */
    private static final int MUCH = 1025;

    private SharedMemory shared;
    private FabricMemory memory;
    private FramePool pool;

    /** What its readers have released and nobody has looked for yet. */
    private final Deque<Long> released = new ArrayDeque<>();

    private final FrameHome home = new FrameHome() {
        @Override
        void post(long frame) {
            throw new AssertionError();
        }

        @Override
        void harvest() {
            while (!released.isEmpty()) {
                giveBack(released.poll());
            }
        }

        @Override
        void freedTwice() {
            throw new AssertionError();
        }
    };

    @BeforeEach
    void open() throws LinuxException {
        open(64);
    }

    @AfterEach
    void close() {
        shared.close();
    }

    private void open(int mebibytes) throws LinuxException {
        shared = SharedMemory.create("ringway-test", (long) mebibytes * MEBIBYTE);
        memory = new FabricMemory(shared);
        pool = new FramePool(home, memory, SHIFT, true);
    }

    private void reopen(int mebibytes) throws LinuxException {
        shared.close();
        open(mebibytes);
    }

    private long take() {
        long frame = pool.take();
        if (frame != 0) {
            chunk(frame).waiting--;
            shared.segment().set(ValueLayout.JAVA_BYTE, frame, (byte) 1);
        }
        return frame;
    }

    private FrameChunk chunk(long frame) {
        FrameChunk chunk = memory.chunk(frame);
        if (chunk == null) {
            throw new AssertionError("no frame: " + frame);
        }
        return chunk;
    }

    private void giveBack(long frame) {
        chunk(frame).waiting++;
        pool.add(frame);
    }

    private boolean hasPages(long frame) {
        return shared.segment().get(ValueLayout.JAVA_BYTE, frame) != 0;
    }

    private List<Long> take(int count) {
        List<Long> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(take());
        }
        assertEquals(count, new HashSet<>(frames).size(), "one frame twice");
        return frames;
    }

    /** One frame after the other; which they were. */
    private Set<Long> pass(int times) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < times; i++) {
            long frame = take();
            assertNotEquals(0, frame);
            seen.add(frame);
            giveBack(frame);
        }
        return seen;
    }

    @Test
    void whatHasBeenFreeForLongestComesFirst() {
        List<Long> frames = take(10);
        frames.forEach(this::giveBack);
        assertEquals(frames, take(10));
    }

    @Test
    void theOrderSurvivesTheEndOfTheRing() {
        pool = new FramePool(home, memory, SHIFT - 2, true);
        List<Long> frames = take(200);
        frames.subList(0, 50).forEach(this::giveBack);
        assertEquals(frames.subList(0, 50), take(50));
        frames.forEach(this::giveBack);
        for (int i = 0; i < 3; i++) {
            assertEquals(frames, take(200));
            frames.forEach(this::giveBack);
        }
    }

    @Test
    void whoUsesLittleGoesAroundInLittleMemory() {
        assertEquals(1, pass(100).size());
    }

    @Test
    void whoUsesMuchGoesAroundInFourMebibytes() {
        pass(MUCH + ROTATION);
        assertEquals(ROTATION, pass(10 * ROTATION).size());
        assertEquals(ROTATION, pass(ROTATION).size(), "not each of them in turn");
    }

    @Test
    void littleMemoryIsNotUsedUpByIt() throws LinuxException {
        reopen(16);
        pass(MUCH + ROTATION);
        assertEquals(ROTATION / 4, pass(10 * ROTATION).size());
    }

    @Test
    void norIsMemoryOfWhichThereIsNoPlenty() {
        while (memory.isPlentiful()) {
            memory.takeChunk(home, SHIFT);
        }
        assertFalse(memory.isScarce());
        pass(MUCH + ROTATION);
        assertEquals(1, pass(10 * ROTATION).size());
    }

    @Test
    void aFewAreLaidOutBeforeOneLooksForThoseThatCameBack() {
        List<Long> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long frame = take();
            frames.add(frame);
            released.add(frame);
        }
        assertEquals(frames.subList(0, 4), frames.subList(4, 8), "what came back is used after 256 KiB");
    }

    @Test
    void atTheBoundWhatCameBackIsFound() {
        List<Long> frames = new ArrayList<>();
        for (long frame = take(); frame != 0; frame = take()) {
            frames.add(frame);
        }
        assertTrue(frames.size() > 800, frames.size() + " frames");
        released.add(frames.get(7));
        assertEquals(frames.get(7), take());
        assertEquals(0, take());
    }

    @Test
    void framesThatWereNotNeededGiveTheirPagesBack() {
        List<Long> frames = take(20);
        frames.forEach(this::giveBack);
        pool.trim();
        assertTrue(frames.stream().allMatch(this::hasPages), "they were in use a moment ago");
        List<Long> again = take(3);
        again.forEach(this::giveBack);
        pool.trim();
        assertEquals(3, frames.stream().filter(this::hasPages).count());
        assertEquals(20, pool.free());
        assertEquals(20L * SIZE, pool.freeBytes());
    }

    @Test
    void framesWithoutPagesAreUsedLast() {
        List<Long> frames = take(20);
        frames.forEach(this::giveBack);
        pool.trim();
        take(3).forEach(this::giveBack);
        pool.trim();
        for (int i = 0; i < 3; i++) {
            assertTrue(hasPages(pool.take()));
        }
        long bare = pool.take();
        assertTrue(frames.contains(bare), "another one was laid out");
        assertFalse(hasPages(bare));
    }

    @Test
    void aBusyPoolKeepsAllPagesAndALateOneGivesThemBack() {
        Set<Long> frames = pass(MUCH + 2 * ROTATION);
        pool.trim();
        pool.trim();
        assertEquals(ROTATION, frames.size());
        assertEquals(0, frames.stream().filter(this::hasPages).count(), "nothing was used between the two");
        frames = pass(MUCH + 2 * ROTATION);
        pool.trim();
        pass(MUCH);
        pool.trim();
        assertEquals(ROTATION, frames.stream().filter(this::hasPages).count());
    }

    @Test
    void aBusyPoolThatHeldMuchOnceGoesAroundInFourMebibytesAgain() {
        List<Long> frames = take(300);
        frames.forEach(this::giveBack);
        assertEquals(ROTATION, pass(MUCH + ROTATION).size());
        pool.trim();
        pass(MUCH);
        pool.trim();
        assertEquals(ROTATION, frames.stream().filter(this::hasPages).count());
        assertEquals(300, pool.free());
    }

    @Test
    void smallOnesComeBackTheLastFirst() {
        pool = new FramePool(home, memory, SHIFT, false);
        List<Long> frames = take(100);
        frames.forEach(this::giveBack);
        assertEquals(frames.reversed(), take(100));
    }

    @Test
    void whatWasNotToBeHadIsNoUse() {
        List<Long> frames = new ArrayList<>();
        for (long frame = take(); frame != 0; frame = take()) {
            frames.add(frame);
        }
        pool.trim();
        for (int i = 0; i < 2 * MUCH; i++) {
            assertEquals(0, take());
        }
        frames.forEach(this::giveBack);
        pool.trim();
        pool.trim();
        assertEquals(0, frames.stream().filter(this::hasPages).count(), "the pool was not busy");
    }

    @Test
    void chunksThatAreWhollyFreeGoBack() {
        List<Long> frames = take(64);
        frames.subList(1, 64).forEach(this::giveBack);
        pool.giveChunksBack();
        assertEquals(15, pool.free(), "those of the chunk that one is in use of");
        assertEquals(SIZE, pool.inUse());
        giveBack(frames.get(0));
        assertTrue(pool.isUnused());
        pool.giveAllBack();
        assertEquals(0, pool.free());
        assertEquals(0, frames.stream().filter(this::hasPages).count());
    }

    @Test
    void chunksWithoutPagesGoBackToo() {
        take(64).forEach(this::giveBack);
        pool.trim();
        pool.trim();
        pool.giveChunksBack();
        assertEquals(0, pool.free());
        assertEquals(0, pool.inUse());
    }
}
