package io.ringway.nic.fabric;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The free frames of one size. Some wait in turn, in the order in which they became free; the others stand aside, and are
 * taken when nobody waits, the last one first. Some of all have no pages: they gave them back to the system. The home's
 * thread only.
 */
final class FreeFrames {
    /** So many wait in turn, at most. */
    private final int most;

    /** Those in turn: a ring, whose length is a power of two. */
    private final long[] turns;

    private int head;
    private int count;

    private final Stack aside = new Stack();
    private final Stack bare = new Stack();

    /** The fewest frames with pages since {@link #trim}. */
    private int fewest;

    FreeFrames(int most) {
        this.most = most;
        this.turns = new long[most == 0 ? 0 : Integer.highestOneBit(2 * most - 1)];
    }

    private static final class Stack {
        private long[] frames = new long[16];
        private int count;

        void push(long frame) {
            if (count == frames.length) {
                frames = Arrays.copyOf(frames, 2 * count);
            }
            frames[count++] = frame;
        }

        long pop() {
            return count == 0 ? 0 : frames[--count];
        }

        void removeIf(LongPredicate unwanted) {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (!unwanted.test(frames[i])) {
                    frames[kept++] = frames[i];
                }
            }
            count = kept;
        }
    }

    /** All of them. */
    int size() {
        return ready() + bare.count;
    }

    /** Those with pages. */
    int ready() {
        return count + aside.count;
    }

    /** A frame became free. */
    void add(long frame) {
        if (count >= most) {
            aside.push(frame);
            return;
        }
        turns[head + count & turns.length - 1] = frame;
        count++;
    }

    private long inTurn(int i) {
        return turns[head + i & turns.length - 1];
    }

    /** Takes the frame with pages whose turn it is; 0 if there is none. */
    long next() {
        long frame = count == 0 ? aside.pop() : oldest();
        fewest = Math.min(fewest, ready());
        return frame;
    }

    private long oldest() {
        long frame = inTurn(0);
        head++;
        count--;
        return frame;
    }

    /** Takes a frame without pages; 0 if there is none. */
    long bare() {
        return bare.pop();
    }

    /**
     * Begins a new period.
     *
     * @param busy whether those in turn keep their pages
     * @param discard gives the pages of a frame back; called for as many as could have been done without in the last period
     */
    void trim(boolean busy, LongConsumer discard) {
        int spare = busy ? Math.min(fewest, aside.count) : fewest;
        for (int i = 0; i < spare; i++) {
            long frame = aside.count > 0 ? aside.pop() : oldest();
            discard.accept(frame);
            bare.push(frame);
        }
        fewest = ready();
    }

    /** Takes those out that {@code unwanted} holds of. */
    void removeIf(LongPredicate unwanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long frame = inTurn(i);
            if (!unwanted.test(frame)) {
                turns[head + kept++ & turns.length - 1] = frame;
            }
        }
        count = kept;
        aside.removeIf(unwanted);
        bare.removeIf(unwanted);
        fewest = Math.min(fewest, ready());
    }
}
