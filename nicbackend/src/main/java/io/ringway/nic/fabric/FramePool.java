package io.ringway.nic.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one size of one {@linkplain FrameHome home}: laid out in chunks as they are needed, and the larger ones
 * handed out in turn. The home's thread only.
 *
 * <p>The frame that has been free for longest comes first, and a home through which much goes has more of them than it
 * needs, while there is plenty of memory: a frame that its reader has just read is still in the cache of the reader's
 * processor, and to write it is two to four times slower than one that has left there.
 */
final class FramePool {
    /** As much as is written before a frame's turn comes again: more than a processor has as a cache of its own. */
    private static final long ROTATION = 4 << 20;

    /** Nor more than this part of all memory. */
    private static final int ROTATION_PART = 16;

    /** Who uses more bytes of frames than this between two trims is worth a rotation. */
    private static final long MUCH = 64 << 20;

    /** Up to this many bytes are laid out before looking for frames that came back. */
    private static final int EAGER_BYTES = 1 << 18;

    /** Up to this many bytes, more frames are laid out when few came back, so that looking stays rare. */
    private static final int RELAXED_BYTES = 1 << 21;

    private final FrameHome home;
    private final FabricMemory memory;
    private final int shift;
    /** Bytes of frames that have pages are brought up to this where much goes through. */
    private final long rotation;

    private final FreeFrames free;
    private @Nullable FrameChunk current;
    private int laidOutInCurrent;
    private int laidOut;
    private long usedBytes;

    /**
     * No frames yet.
     *
     * @param shift the size of each is {@code 1 << shift}
     * @param rotates whether they are so large that their turn matters; else the last one that came back comes next
     */
    FramePool(FrameHome home, FabricMemory memory, int shift, boolean rotates) {
        this.home = home;
        this.memory = memory;
        this.shift = shift;
        this.rotation = rotates ? Math.min(ROTATION, memory.segment().byteSize() / ROTATION_PART) : 0;
        this.free = new FreeFrames((int) (rotation >>> shift));
    }

    /** Takes a frame; 0 when there is none and the memory's bound is reached. */
    long take() {
        long frame = atHand();
        if (frame == 0) {
            frame = lookFor();
        }
        usedBytes += frame == 0 ? 0 : 1L << shift;
        return frame;
    }

    private long atHand() {
        if (usedBytes > MUCH && readyBytes() < rotation && memory.isPlentiful()) {
            long frame = fresh();
            if (frame != 0) {
                return frame;
            }
        }
        return free.next();
    }

    /** One that came back and was not looked for yet, or a new one. */
    private long lookFor() {
        long bytes = readyBytes();
        if (bytes >= EAGER_BYTES) {
            home.harvest();
            if ((long) free.ready() << shift > (bytes < RELAXED_BYTES ? bytes >>> 3 : 0)) {
                return free.next();
            }
        }
        long frame = fresh();
        if (frame == 0 && free.ready() == 0) {
            home.harvest();
        }
        return frame == 0 ? free.next() : frame;
    }

    /** Bytes of all frames that have pages. */
    private long readyBytes() {
        return (long) (laidOut - free.size() + free.ready()) << shift;
    }

    private long fresh() {
        long frame = free.bare();
        return frame != 0 ? frame : layOut();
    }

    private long layOut() {
        FrameChunk chunk = current;
        if (chunk == null || laidOutInCurrent == chunk.frames) {
            chunk = memory.takeChunk(home, shift);
            if (chunk == null) {
                return 0;
            }
            current = chunk;
            laidOutInCurrent = 0;
        }
        laidOut++;
        chunk.waiting++;
        return chunk.offset + ((long) laidOutInCurrent++ << shift);
    }

    /** A frame became free. */
    void add(long frame) {
        free.add(frame);
    }

    /** How many are free. */
    int free() {
        return free.size();
    }

    /** Bytes of those that are free. */
    long freeBytes() {
        return (long) free.size() << shift;
    }

    /** Bytes of those that are not. */
    long inUse() {
        return (long) (laidOut - free.size()) << shift;
    }

    boolean isUnused() {
        return free.size() == laidOut;
    }

    /** Gives the chunks back that are wholly unused: another queue, or frames of another size, want them. */
    void giveChunksBack() {
        giveBack(chunk -> chunk.waiting == chunk.frames);
    }

    /** Gives everything back; nothing is in use any more. A chunk that is not laid out to its end goes, too. */
    void giveAllBack() {
        giveBack(chunk -> true);
    }

    private void giveBack(Predicate<FrameChunk> unwanted) {
        List<FrameChunk> chunks = new ArrayList<>();
        int before = free.size();
        free.removeIf(frame -> {
            FrameChunk chunk = Objects.requireNonNull(memory.chunk(frame));
            boolean goes = unwanted.test(chunk);
            if (goes && frame == chunk.offset) {
                chunks.add(chunk);
            }
            return goes;
        });
        laidOut -= before - free.size();
        if (chunks.contains(current)) {
            current = null;
        }
        chunks.forEach(memory::giveChunk);
    }

    /** Gives the pages of frames back to the system that could have been done without since the last call. */
    void trim() {
        free.trim(usedBytes > MUCH, frame -> memory.discard(frame, 1L << shift));
        usedBytes = 0;
    }
}
