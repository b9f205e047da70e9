package io.ringway.nic.fabric;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The free frames of one size: those with pages, in the order in which they became free, and those that gave their pages
 * back to the system. The home's thread only.
 */
final class FreeFrames {
    private static final int FIRST_CAPACITY = 64;

    /** A ring; its length is a power of two. */
    private long[] frames = new long[FIRST_CAPACITY];

    private int head;
    private int count;

    private long[] bare = new long[0];
    private int bareCount;

    /** The fewest frames with pages since {@link #trim}. */
    private int fewest;

    /** All of them. */
    int size() {
        return count + bareCount;
    }

    /** Those with pages. */
    int ready() {
        return count;
    }

    /** A frame became free. */
    void add(long frame) {
        if (count == frames.length) {
            grow();
        }
        frames[head + count & frames.length - 1] = frame;
        count++;
    }

    private void grow() {
        long[] larger = new long[2 * count];
        for (int i = 0; i < count; i++) {
            larger[i] = at(i);
        }
        frames = larger;
        head = 0;
    }

    private long at(int i) {
        return frames[head + i & frames.length - 1];
    }

    /** Takes the frame that has been free for longest, of those with pages; 0 if there is none. */
    long oldest() {
        if (count == 0) {
            return 0;
        }
        long frame = at(0);
        head++;
        count--;
        fewest = Math.min(fewest, count);
        return frame;
    }

    /** Takes a frame without pages; 0 if there is none. */
    long bare() {
        return bareCount == 0 ? 0 : bare[--bareCount];
    }

    /**
     * Begins a new period.
     *
     * @param discard gives the pages of a frame back; called for as many as could have been done without in the last period
     */
    void trim(LongConsumer discard) {
        int spare = fewest;
        bare = Arrays.copyOf(bare, Math.max(bare.length, bareCount + spare));
        for (int i = 0; i < spare; i++) {
            long frame = oldest();
            discard.accept(frame);
            bare[bareCount++] = frame;
        }
        fewest = count;
    }

    /** Begins a new period without giving anything back. */
    void keepAll() {
        fewest = count;
    }

    /** Takes those out that {@code unwanted} holds of. */
    void removeIf(LongPredicate unwanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long frame = at(i);
            if (!unwanted.test(frame)) {
                frames[head + kept++ & frames.length - 1] = frame;
            }
        }
        count = kept;
        fewest = Math.min(fewest, count);
        int keptBare = 0;
        for (int i = 0; i < bareCount; i++) {
            if (!unwanted.test(bare[i])) {
                bare[keptBare++] = bare[i];
            }
        }
        bareCount = keptBare;
    }
}
