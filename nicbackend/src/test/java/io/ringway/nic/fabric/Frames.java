package io.ringway.nic.fabric;

import io.ringway.nic.Link;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Test frames: 40 bytes of headers that carry a number and the payload's length, and payload that follows from both. */
final class Frames {
    static final int HEADERS = 40;

    private Frames() {}

    static void sendInline(FabricQueue queue, Link link, int number, int length) {
        while (!trySendInline(queue, link, number, length)) {
            Thread.onSpinWait();
        }
    }

    static boolean trySendInline(FabricQueue queue, Link link, int number, int length) {
        long at = queue.claim(link, HEADERS, length);
        if (at < 0) {
            return false;
        }
        headers(queue.memory(), at, number, length);
        payload(queue.memory(), at + HEADERS, number, length);
        queue.commit(link, HEADERS, 0, 0, length);
        queue.flush();
        return true;
    }

    static long sendFramed(FabricQueue queue, Link link, int number, int length) {
        return sendFramed(queue, link, number, length, true);
    }

    static long sendFramed(FabricQueue queue, Link link, int number, int length, boolean free) {
        long frame = queue.allocate(length);
        while (frame == 0) {
            Thread.onSpinWait();
            frame = queue.allocate(length);
        }
        fill(queue, frame, number, length);
        commitFramed(queue, link, number, frame, 0, length);
        if (free) {
            queue.free(frame);
        }
        return frame;
    }

    static void fill(FabricQueue queue, long frame, int number, int length) {
        payload(queue.memory(), frame, number, length);
    }

    static void commitFramed(FabricQueue queue, Link link, int number, long frame, int from, int length) {
        long at = queue.claim(link, HEADERS, 0);
        while (at < 0) {
            Thread.onSpinWait();
            at = queue.claim(link, HEADERS, 0);
        }
        headers(queue.memory(), at, number, length);
        queue.commit(link, HEADERS, frame, frame + from, length);
        queue.flush();
    }

    private static void headers(MemorySegment memory, long at, int number, int length) {
        for (int i = 0; i < HEADERS; i += 8) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, 0);
        }
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), at, (long) number << 32 | length);
    }

    /** What {@link #headers} wrote, as received. */
    static int number(long[] headers) {
        return (int) (headers[0] >>> 32);
    }

    static int length(long[] headers) {
        return (int) headers[0];
    }

    private static void payload(MemorySegment memory, long at, int number, int length) {
        memory.asSlice(at, length).fill((byte) (number * 31 + 7));
    }

    static boolean payloadIsRight(MemorySegment memory, long at, int number, int length) {
        byte expected = (byte) (number * 31 + 7);
        for (int i = 0; i < length; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, at + i) != expected) {
                return false;
            }
        }
        return true;
    }
}
