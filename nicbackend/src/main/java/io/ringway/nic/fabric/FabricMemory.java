package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands out this process's memory: chunks of frames to queues, and blocks of control words. What is free is known on
 * the heap only. Any thread.
 */
final class FabricMemory {
    private static final long ALIGNMENT = 256;
    private static final int RESERVED_PART = 16;
    private static final int SCARCE_PART = 4;
    private static final int PLENTY_PART = 2;

    private final SharedMemory shared;
    private final MemorySegment segment;
    private final int chunkCount;

    /** Chunks that frames leave to control blocks: what frames can't have now, they get later; a ring is needed now. */
    private final int reserved;

    private final @Nullable FrameChunk[] chunks;
    private final Deque<Integer> freeChunks = new ArrayDeque<>();
    private final Map<Long, Deque<Long>> freeBlocks = new HashMap<>();
    private int nextChunk = 1;
    private long blockNext;
    private long blockEnd;
    private volatile boolean tight;
    private volatile boolean scarce;
    private volatile boolean plenty = true;

    FabricMemory(SharedMemory shared) {
        this.shared = shared;
        this.segment = shared.segment();
        this.chunkCount = (int) (segment.byteSize() >>> Layout.CHUNK_SHIFT);
        this.chunks = new FrameChunk[chunkCount];
        this.reserved = Math.max(1, chunkCount / RESERVED_PART);
    }

    MemorySegment segment() {
        return segment;
    }

    /** The chunk that holds a frame of this process, or null if there is none at this offset. */
    @Nullable
    FrameChunk chunk(long frame) {
        long index = frame >>> Layout.CHUNK_SHIFT;
        return index < chunkCount ? chunks[(int) index] : null;
    }

    /** A chunk of frames of {@code 1 << shift} bytes for a home, or null when the bound is reached. */
    synchronized @Nullable FrameChunk takeChunk(FrameHome home, int shift) {
        int index = takeIndex(reserved);
        if (index < 0) {
            tight = true;
            return null;
        }
        tight = false;
        FrameChunk chunk = new FrameChunk(home, (long) index << Layout.CHUNK_SHIFT, shift);
        chunks[index] = chunk;
        return chunk;
    }

    /** Takes back a chunk none of whose frames is in use. */
    synchronized void giveChunk(FrameChunk chunk) {
        int index = (int) (chunk.offset >>> Layout.CHUNK_SHIFT);
        chunks[index] = null;
        freeChunks.addLast(index);
        judge();
        if (!discard(chunk.offset, Layout.CHUNK)) {
            segment.asSlice(chunk.offset, Layout.CHUNK).fill((byte) 0);
        }
    }

    /** Whether somebody asked for a chunk in vain since the last one was handed out. */
    boolean isTight() {
        return tight;
    }

    /** Whether less than a quarter of the chunks is left. */
    boolean isScarce() {
        return scarce;
    }

    /** Whether more than half of the chunks is left, and nobody asked for one in vain. */
    boolean isPlentiful() {
        return plenty && !tight;
    }

    private void judge() {
        int left = left();
        scarce = left < chunkCount / SCARCE_PART;
        plenty = left > chunkCount / PLENTY_PART;
    }

    /** Somebody went without: chunks that nobody uses are to come back. */
    void tighten() {
        tight = true;
    }

    private int left() {
        return chunkCount - nextChunk + freeChunks.size();
    }

    /** Gives pages back to the system: zero stands there then. False when the system doesn't take them. */
    boolean discard(long offset, long length) {
        try {
            shared.discard(offset, length);
            return true;
        } catch (LinuxException e) {
            return false;
        }
    }

    /** A chunk that nobody has, unless only so many are left; or -1. */
    private int takeIndex(int left) {
        if (left() <= left) {
            return -1;
        }
        Integer free = freeChunks.pollFirst();
        int index = free != null ? free : nextChunk++;
        judge();
        return index;
    }

    /** A zeroed block of control words, or 0 when the bound is reached. */
    synchronized long takeBlock(long bytes) {
        long size = bytes + ALIGNMENT - 1 & -ALIGNMENT;
        Deque<Long> free = freeBlocks.get(size);
        Long reused = free == null ? null : free.pollFirst();
        if (reused != null) {
            segment.asSlice(reused, size).fill((byte) 0);
            return reused;
        }
        if (blockNext + size > blockEnd && !startBlocks(size)) {
            return 0;
        }
        long block = blockNext;
        blockNext += size;
        return block;
    }

    /** Gives a block back that no other process looks at any more. */
    synchronized void giveBlock(long block, long bytes) {
        long size = bytes + ALIGNMENT - 1 & -ALIGNMENT;
        freeBlocks.computeIfAbsent(size, s -> new ArrayDeque<>()).addFirst(block);
    }

    /** Continues in other chunks: as many as the block needs, one behind the other. */
    private boolean startBlocks(long size) {
        int count = (int) (size + Layout.CHUNK - 1 >>> Layout.CHUNK_SHIFT);
        int first = count == 1 ? takeIndex(0) : nextChunk;
        if (first < 0 || count > 1 && nextChunk + count > chunkCount) {
            return false;
        }
        if (count > 1) {
            nextChunk += count;
            judge();
        }
        blockNext = (long) first << Layout.CHUNK_SHIFT;
        blockEnd = (long) (first + count) << Layout.CHUNK_SHIFT;
        return true;
    }
}
