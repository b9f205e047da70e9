package io.ringway.nic.fabric;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of this process's frames one reader holds: how many published and unreleased slots of a link name each of them.
 * What a reader claims to release is checked against this. The queue's thread only.
 */
final class HeldFrames {
    private final FabricQueue queue;

    /** By chunk, and by frame within it; null where the reader never held one. */
    private int[] @Nullable [] counts = new int[0][];

    private long bytes;

    HeldFrames(FabricQueue queue) {
        this.queue = queue;
    }

    /** Bytes of all frames that the reader holds, each counted once. */
    long bytes() {
        return bytes;
    }

    void add(FrameChunk chunk, int index) {
        int c = (int) (chunk.offset >>> Layout.CHUNK_SHIFT);
        int[] ofChunk = c < counts.length ? counts[c] : null;
        if (ofChunk == null || ofChunk.length != chunk.frames) {
            ofChunk = makeCounts(c, chunk.frames);
        }
        if (ofChunk[index]++ == 0) {
            bytes += 1L << chunk.shift;
        }
    }

    private int[] makeCounts(int chunk, int frames) {
        if (chunk >= counts.length) {
            counts = Arrays.copyOf(counts, chunk + 8);
        }
        int[] made = new int[frames];
        counts[chunk] = made;
        return made;
    }

    /** One slot that named a frame was released; false when the reader doesn't hold it. */
    boolean release(long frame) {
        FrameChunk chunk = queue.port().fabricMemory().chunk(frame);
        int c = (int) (frame >>> Layout.CHUNK_SHIFT);
        int[] ofChunk = chunk != null && chunk.isStart(frame) && c < counts.length ? counts[c] : null;
        if (chunk == null || ofChunk == null || ofChunk.length != chunk.frames || ofChunk[chunk.index(frame)] == 0) {
            return false;
        }
        release(chunk, ofChunk, chunk.index(frame), 1);
        return true;
    }

    private void release(FrameChunk chunk, int[] ofChunk, int index, int times) {
        ofChunk[index] -= times;
        if (ofChunk[index] == 0) {
            bytes -= 1L << chunk.shift;
        }
        for (int i = 0; i < times; i++) {
            queue.frames().released(chunk, index);
        }
    }

    /** The reader can't use any of them any more. */
    void releaseAll() {
        for (int c = 0; c < counts.length; c++) {
            FrameChunk chunk = queue.port().fabricMemory().chunk((long) c << Layout.CHUNK_SHIFT);
            int[] ofChunk = counts[c];
            if (chunk != null && ofChunk != null && ofChunk.length == chunk.frames) {
                for (int i = 0; i < ofChunk.length; i++) {
                    if (ofChunk[i] != 0) {
                        release(chunk, ofChunk, i, ofChunk[i]);
                    }
                }
            }
        }
        counts = new int[0][];
    }
}
