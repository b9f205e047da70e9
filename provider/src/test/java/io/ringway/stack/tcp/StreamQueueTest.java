package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.IdleQueue;
import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.memory.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread appends copies, frames and copies in frames of its own in any mixture, one reads; frames go back once each, by the first thread. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamQueueTest {
    private static final int FRAMES = 200;
    private static final int FRAME = 512;

    private final MemorySegment memory = Arena.ofAuto().allocate(FRAMES * FRAME, 8);
    private final MemoryView view = new MemoryView(memory);
    private final BitSet lent = new BitSet();
    private Thread producer;
    private final MemorySegment own = Arena.ofAuto().allocate(64 << 10, 64);
    private final IdleQueue.Frames frames = new IdleQueue.Frames(own);
    private final NetworkStack origin = IdleQueue.stack(own, this::released, frames);
    private final StreamQueue queue = new StreamQueue();
    private long written;

    private void released(long frame) {
        assertEquals(producer, Thread.currentThread(), "released by the other thread");
        assertTrue(lent.get((int) frame), "released twice");
        lent.clear((int) frame);
        memory.asSlice(frame * FRAME, FRAME).fill((byte) 0xee);
    }

    private int fill(long offset, int length) {
        for (int i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + i, Program.at(written + i, 1));
        }
        return length;
    }

    /** Appends one payload of some kind, if a frame is free. */
    private void append(Random random) {
        // 0 is no frame.
        int frame = lent.nextClearBit(1);
        if (frame >= FRAMES) {
            return;
        }
        int length = 1 + random.nextInt(FRAME);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                fill((long) frame * FRAME, length);
                lent.set(frame);
                queue.appendFrame(origin, view, (long) frame * FRAME, length, frame);
            }
            case 3 -> {
                ByteBuffer b = ByteBuffer.allocate(length);
                for (int i = 0; i < length; i++) {
                    b.put(i, Program.at(written + i, 1));
                }
                queue.appendCopy(b, length);
            }
            case 4, 5 -> {
                fill((long) frame * FRAME, length);
                queue.appendSpilled(origin, view, (long) frame * FRAME, length);
            }
            default -> {
                fill((long) frame * FRAME, length);
                queue.appendCopy(view, (long) frame * FRAME, length);
            }
        }
        written += length;
    }

    private static long check(ByteBuffer b, int n, long position) {
        for (int i = 0; i < n; i++) {
            if (b.get(i) != Program.at(position + i, 1)) {
                throw new AssertionError("byte " + (position + i));
            }
        }
        return position + n;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneThread(long seed) {
        producer = Thread.currentThread();
        Random random = new Random(seed);
        ByteBuffer b = ByteBuffer.allocate(3000);
        long read = 0;
        for (int i = 0; i < 100_000; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> append(random);
                case 2 -> queue.reclaim(origin);
                default -> {
                    long before = queue.available();
                    int n = queue.read(b.clear().limit(random.nextInt(3000)));
                    assertEquals(Math.min(before, b.limit()), n);
                    read = check(b, n, read);
                }
            }
            assertEquals(written - read, queue.available());
        }
        assertEquals(written, queue.totalIn());
        assertEquals(read, queue.totalOut());
        queue.discard(origin);
        assertTrue(lent.isEmpty(), "frames that were not read go back too");
        assertEquals(0, frames.taken());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void twoThreads(long seed) throws InterruptedException {
        long total = 30 << 20;
        Throwable[] failure = new Throwable[1];
        producer = new Thread(() -> {
            try {
                Random random = new Random(seed);
                while (written < total) {
                    if (queue.available() < 60_000) {
                        append(random);
                    } else {
                        Thread.onSpinWait();
                    }
                    queue.reclaim(origin);
                }
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        producer.start();
        Random random = new Random(seed + 1);
        ByteBuffer b = ByteBuffer.allocate(10_000);
        long read = 0;
        while (read < total && producer.isAlive() || queue.available() > 0) {
            int n = queue.read(b.clear().limit(1 + random.nextInt(b.capacity())));
            read = check(b, n, read);
        }
        producer.join();
        assertEquals(null, failure[0]);
        while (queue.available() > 0) {
            read = check(b, queue.read(b.clear()), read);
        }
        assertEquals(written, read);
        producer = Thread.currentThread();
        queue.reclaim(origin);
        assertTrue(lent.isEmpty());
    }

    /** As bytes go that are handed to the stack's owner: packed only, read into memory, nodes dropped by the reader. */
    @Test
    void handedOff() throws InterruptedException {
        int total = 20 << 20;
        producer = new Thread(() -> {
            Random random = new Random(5);
            while (written < total) {
                if (queue.available() > 100_000) {
                    Thread.onSpinWait();
                    continue;
                }
                int length = 1 + random.nextInt(5_000);
                ByteBuffer b = ByteBuffer.allocate(length);
                for (int i = 0; i < length; i++) {
                    b.put(i, Program.at(written + i, 1));
                }
                queue.appendCopy(b, length);
                written += length;
            }
        });
        producer.start();
        Random random = new Random(6);
        long read = 0;
        while (read < total) {
            int n = queue.read(view, 64, 1 + random.nextInt(4_000));
            for (int i = 0; i < n; i++) {
                assertEquals(Program.at(read + i, 1), memory.get(ValueLayout.JAVA_BYTE, 64 + i));
            }
            read += n;
            queue.dropPassed();
        }
        producer.join();
    }

    /** A reader that keeps up makes the queue use the same memory for ever. */
    @Test
    void aQueueThatIsKeptEmptyDoesNotGrow() {
        producer = Thread.currentThread();
        ByteBuffer b = ByteBuffer.allocate(600);
        ByteBuffer source = ByteBuffer.allocate(100);
        for (int i = 0; i < 1000; i++) {
            queue.appendCopy(source.clear(), 100);
            assertEquals(100, queue.read(b.clear()));
            queue.reclaim(origin);
        }
        assertEquals(0, queue.available());
        assertEquals(100_000, queue.totalOut());
    }
}
