package io.ringway.stack;

import io.ringway.memory.Words;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies between a memory segment and buffers or arrays without allocating. Any thread.
 *
 * <p>A byte buffer reaches 2 GiB only, so larger segments are covered by overlapping windows; no copy is longer than
 * the overlap.
 */
public final class MemoryView {
    private static final int WINDOW_SHIFT = 30;
    private static final long WINDOW_MASK = (1L << WINDOW_SHIFT) - 1;
    private static final long OVERLAP = 1 << 20;

    private final MemorySegment segment;
    /** Null for memory of the heap. */
    private final @Nullable Words words;

    private final ByteBuffer[] windows;

    public MemoryView(MemorySegment segment) {
        this.segment = segment;
        this.words = segment.isNative() ? new Words(segment) : null;
        int count = (int) (segment.byteSize() - 1 >>> WINDOW_SHIFT) + 1;
        windows = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long start = (long) i << WINDOW_SHIFT;
            long length = Math.min(segment.byteSize() - start, (1L << WINDOW_SHIFT) + OVERLAP);
            windows[i] = segment.asSlice(start, length).asByteBuffer();
        }
    }

    public MemorySegment segment() {
        return segment;
    }

    /** Copies {@code length} bytes from {@code source}'s position, which advances, to {@code offset}. */
    public void put(long offset, ByteBuffer source, int length) {
        int position = source.position();
        window(offset).put((int) (offset & WINDOW_MASK), source, position, length);
        source.position(position + length);
    }

    /** Copies {@code length} bytes from {@code offset} to {@code target}'s position, which advances. */
    public void get(long offset, ByteBuffer target, int length) {
        int position = target.position();
        target.put(position, window(offset), (int) (offset & WINDOW_MASK), length);
        target.position(position + length);
    }

    public void put(long offset, byte[] source, int from, int length) {
        if (words != null) {
            words.set(offset, source, from, length);
        } else {
            window(offset).put((int) (offset & WINDOW_MASK), source, from, length);
        }
    }

    public void get(long offset, byte[] target, int from, int length) {
        if (words != null) {
            words.get(offset, target, from, length);
        } else {
            window(offset).get((int) (offset & WINDOW_MASK), target, from, length);
        }
    }

    /** Copies inside the segment; the ranges must not overlap. */
    public void copy(long from, long to, int length) {
        MemorySegment.copy(segment, from, segment, to, length);
    }

    /** A view of a private copy of {@code length} bytes; for the rare payload that must outlive its slot. */
    public MemoryView copyOf(long offset, int length) {
        MemorySegment copy = MemorySegment.ofArray(new byte[length]);
        MemorySegment.copy(segment, offset, copy, 0, length);
        return new MemoryView(copy);
    }

    private ByteBuffer window(long offset) {
        return windows[(int) (offset >>> WINDOW_SHIFT)];
    }
}
