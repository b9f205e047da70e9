package io.ringway.nic.offload;

import io.ringway.linux.DirectMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a program's gathering write wants sent, as buffer descriptors (M10): buffers that lie one behind the other in
 * the same memory, be it an array or a direct buffer's, share a descriptor and are copied at once. Bounded: more buffers
 * than fit are taken next time. Nothing is allocated once it is made, except for buffers that hide their memory
 * (read-only ones on the heap, shared arenas). One thread.
 */
public final class GatherList {
    /** Descriptors at a time. */
    public static final int CAPACITY = 64;

    private static final ByteBuffer[] NONE = {};

    /** An array, or a segment, or neither where the start is an address. */
    private final @Nullable Object[] memories = new Object[CAPACITY];

    private final long[] starts = new long[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private int count;
    private int merged;
    private long remaining;
    private int descriptor;
    private int used;
    private ByteBuffer[] sources = NONE;
    private int cursor;
    private int end;

    /**
     * Describes what remains of the buffers, from number {@code from} on, in place of what was described before.
     *
     * @return the number of the first buffer that found no room, or {@code to}
     */
    public int take(ByteBuffer[] buffers, int from, int to) {
        clear();
        sources = buffers;
        cursor = from;
        end = from;
        while (end < to && describe(buffers[end])) {
            end++;
        }
        return end;
    }

    private boolean describe(ByteBuffer buffer) {
        int length = buffer.remaining();
        if (length == 0) {
            return true;
        }
        Object memory = null;
        long start;
        if (buffer.hasArray()) {
            memory = buffer.array();
            start = (long) buffer.arrayOffset() + buffer.position();
        } else {
            long address = DirectMemory.address(buffer);
            start = address == 0 ? 0 : address + buffer.position();
            if (address == 0) {
                memory = MemorySegment.ofBuffer(buffer);
            }
        }
        int last = count - 1;
        if (last >= 0
                && memories[last] == memory
                && starts[last] + lengths[last] == start
                && !overflows(last, length)) {
            lengths[last] += length;
            merged++;
        } else if (count == CAPACITY) {
            return false;
        } else {
            memories[count] = memory;
            starts[count] = start;
            lengths[count] = length;
            count++;
        }
        remaining += length;
        return true;
    }

    private boolean overflows(int last, int length) {
        return lengths[last] + length < 0;
    }

    /** Descriptors that were made. */
    public int descriptors() {
        return count;
    }

    /** Buffers that became part of the descriptor before them. */
    public int merged() {
        return merged;
    }

    /** Bytes that are described and not moved yet. */
    public long remaining() {
        return remaining;
    }

    /** Copies the next {@code length} bytes to {@code at}; the buffers' positions advance. */
    public void moveTo(MemorySegment target, long at, int length) {
        int done = 0;
        while (done < length) {
            int n = Math.min(length - done, lengths[descriptor] - used);
            copy(target, at + done, n);
            advance(n);
            done += n;
            used += n;
            if (used == lengths[descriptor]) {
                descriptor++;
                used = 0;
            }
        }
        remaining -= length;
        Reference.reachabilityFence(sources);
    }

    private void copy(MemorySegment target, long at, int length) {
        Object memory = memories[descriptor];
        long from = starts[descriptor] + used;
        if (memory instanceof byte[] array) {
            MemorySegment.copy(array, (int) from, target, ValueLayout.JAVA_BYTE, at, length);
        } else if (memory instanceof MemorySegment segment) {
            MemorySegment.copy(segment, from, target, at, length);
        } else {
            DirectMemory.copy(from, target, at, length);
        }
    }

    private void advance(int bytes) {
        int left = bytes;
        while (left > 0 && cursor < end) {
            ByteBuffer buffer = sources[cursor];
            int n = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + n);
            left -= n;
            if (!buffer.hasRemaining()) {
                cursor++;
            }
        }
    }

    /** Lets go of the buffers. */
    public void clear() {
        Arrays.fill(memories, 0, count, null);
        sources = NONE;
        count = 0;
        merged = 0;
        remaining = 0;
        descriptor = 0;
        used = 0;
    }
}
