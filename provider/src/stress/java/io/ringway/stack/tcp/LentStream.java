package io.ringway.stack.tcp;

import io.ringway.stack.IdleQueue;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream queue whose bytes count up, so that the reader knows what must come. Frames are overwritten as soon as they
 * are released.
 */
final class LentStream {
    private static final int FRAME = 64;
    private static final int FRAMES = 8;
    private static final int LARGEST = 8 << 10;
    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(16 << 20, 64);
    private static final NetworkStack STACK = IdleQueue.stack(MEMORY, LentStream::released);
    private static final AtomicLong NEXT_FRAMES = new AtomicLong(FRAME);
    private static final ConcurrentLinkedQueue<LentStream> IDLE = new ConcurrentLinkedQueue<>();

    private final StreamQueue queue = new StreamQueue();

    // ---- the producer's ----
    private final ByteBuffer source = ByteBuffer.allocate(LARGEST);
    private final long frames = NEXT_FRAMES.getAndAdd((FRAMES + 1) * FRAME);
    private int nextFrame;
    private int written;

    // ---- the consumer's ----
    private final ByteBuffer target = ByteBuffer.allocate(LARGEST);
    private int read;

    /** Whether a byte was not what had been written. */
    boolean wrong;

    static LentStream take() {
        LentStream idle = IDLE.poll();
        return idle == null ? new LentStream() : idle;
    }

    /** Reads the rest; how many bytes were read since the stream was taken. One thread, after all others. */
    int giveBack() {
        while (read(LARGEST) != 0) {
            // once more
        }
        reclaim();
        return end();
    }

    /** The same for a stream that is read into memory. */
    int giveBackFromMemory() {
        readIntoMemory();
        return end();
    }

    private int end() {
        int total = read;
        boolean empty = queue.available() == 0 && read == written;
        written = 0;
        read = 0;
        wrong = false;
        IDLE.add(this);
        return empty ? total : -1;
    }

    private static void released(long frame) {
        MEMORY.asSlice(frame, FRAME).fill((byte) 0xee);
    }

    // ---- the producer's thread ----

    void packed(int length) {
        source.clear();
        for (int i = 0; i < length; i++) {
            source.put((byte) written++);
        }
        queue.appendCopy(source.flip(), length);
    }

    void framed(int length) {
        long frame = frames + (long) (nextFrame++ % FRAMES) * FRAME;
        for (int i = 0; i < length; i++) {
            MEMORY.set(ValueLayout.JAVA_BYTE, frame + i, (byte) written++);
        }
        queue.appendFrame(STACK, STACK.view(), frame, length, frame);
    }

    void reclaim() {
        queue.reclaim(STACK);
    }

    // ---- the consumer's thread ----

    int read(int most) {
        target.clear().limit(most);
        int n = queue.read(target);
        for (int i = 0; i < n; i++) {
            wrong |= target.get(i) != (byte) read++;
        }
        return n;
    }

    /** The same as the owner of a stack reads what was handed over to it. */
    int readIntoMemory() {
        long at = frames + FRAMES * FRAME;
        int total = 0;
        int n = queue.read(STACK.view(), at, FRAME);
        while (n != 0) {
            for (int i = 0; i < n; i++) {
                wrong |= MEMORY.get(ValueLayout.JAVA_BYTE, at + i) != (byte) read++;
            }
            total += n;
            n = queue.read(STACK.view(), at, FRAME);
        }
        queue.dropPassed();
        return total;
    }
}
