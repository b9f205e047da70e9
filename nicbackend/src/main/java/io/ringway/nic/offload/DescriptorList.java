package io.ringway.nic.offload;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A payload as a list of buffer descriptors, in order: each says where a piece is and which frame it belongs to. A piece
 * that continues the one before it in the same memory and frame becomes part of its descriptor (M10). Bounded; nothing
 * is allocated once it is made. One thread.
 */
public final class DescriptorList {
    private final @Nullable MemorySegment[] memories;
    private final long[] offsets;
    private final int[] lengths;
    private final long[] frames;
    private int count;
    private int bytes;

    /** A list of at most {@code capacity} descriptors. */
    public DescriptorList(int capacity) {
        memories = new MemorySegment[capacity];
        offsets = new long[capacity];
        lengths = new int[capacity];
        frames = new long[capacity];
    }

    /** Whether the next piece would be part of the last descriptor. */
    @SuppressWarnings("MemorySegmentReferenceEquality")
    public boolean continues(MemorySegment memory, long offset, long frame) {
        int last = count - 1;
        return last >= 0
                && memories[last] == memory
                && frames[last] == frame
                && offsets[last] + lengths[last] == offset;
    }

    public boolean isFull() {
        return count == lengths.length;
    }

    /**
     * Adds a piece; the list must not be full unless the piece {@linkplain #continues continues} the last one. A piece
     * without bytes leaves no trace.
     *
     * @param frame 0, or the frame that holds it
     */
    public void add(MemorySegment memory, long offset, int length, long frame) {
        if (length == 0) {
            return;
        }
        if (continues(memory, offset, frame)) {
            lengths[count - 1] += length;
        } else {
            memories[count] = memory;
            offsets[count] = offset;
            lengths[count] = length;
            frames[count] = frame;
            count++;
        }
        bytes += length;
    }

    /** Descriptors in the list. */
    public int size() {
        return count;
    }

    /** Bytes of all pieces. */
    public int bytes() {
        return bytes;
    }

    public MemorySegment memory(int i) {
        MemorySegment memory = memories[i];
        if (i >= count || memory == null) {
            throw new IndexOutOfBoundsException(i);
        }
        return memory;
    }

    public long offset(int i) {
        return offsets[i];
    }

    public int length(int i) {
        return lengths[i];
    }

    /** 0, or the frame that holds the piece. */
    public long frame(int i) {
        return frames[i];
    }

    public void clear() {
        Arrays.fill(memories, 0, count, null);
        count = 0;
        bytes = 0;
    }

    /** The partial sum of all bytes, for a checksum. */
    long sum() {
        long sum = 0;
        int position = 0;
        for (int i = 0; i < count; i++) {
            sum = Checksum.addAt(sum, position, memory(i), offsets[i], lengths[i]);
            position += lengths[i];
        }
        return sum;
    }
}
