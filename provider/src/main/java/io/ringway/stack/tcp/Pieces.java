package io.ringway.stack.tcp;

import io.ringway.nic.offload.DescriptorList;
import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import java.util.Arrays;

/** The payload of an aggregated segment where it was received, piece by piece (M11). Owner only. */
public final class Pieces {
    private MemoryView[] views;
    private long[] offsets;
    private int[] lengths;
    private long[] frames;
    private int count;

    public Pieces(int capacity) {
        views = new MemoryView[capacity];
        offsets = new long[capacity];
        lengths = new int[capacity];
        frames = new long[capacity];
    }

    /** Takes the place of what was there. */
    public void clear() {
        count = 0;
    }

    /** Adds piece {@code i} of {@code list}. */
    public void add(DescriptorList list, int i, MemoryView view) {
        add(view, list.offset(i), list.length(i), list.frame(i));
    }

    private void add(MemoryView view, long offset, int length, long frame) {
        if (count == lengths.length) {
            int more = count * 2;
            views = Arrays.copyOf(views, more);
            offsets = Arrays.copyOf(offsets, more);
            lengths = Arrays.copyOf(lengths, more);
            frames = Arrays.copyOf(frames, more);
        }
        views[count] = view;
        offsets[count] = offset;
        lengths[count] = length;
        frames[count] = frame;
        count++;
    }

    int count() {
        return count;
    }

    MemoryView view(int i) {
        return views[i];
    }

    long offset(int i) {
        return offsets[i];
    }

    int length(int i) {
        return lengths[i];
    }

    long frame(int i) {
        return frames[i];
    }

    /** Somebody else releases the frame of piece {@code i}. */
    void taken(int i) {
        frames[i] = 0;
    }

    /** Drops bytes from the front; their frames stay until {@link #release}. */
    void trimFront(int bytes) {
        int left = bytes;
        for (int i = 0; left > 0 && i < count; i++) {
            int part = Math.min(left, lengths[i]);
            offsets[i] += part;
            lengths[i] -= part;
            left -= part;
        }
    }

    /** Gives back the frames that nobody took. */
    void release(NetworkStack origin, NetworkStack owner) {
        for (int i = 0; i < count; i++) {
            if (frames[i] != 0) {
                origin.releaseReceived(frames[i], owner);
            }
        }
        count = 0;
    }

    /** What outlives the call in which the segment was received; takes over the frames. */
    Pieces keep() {
        Pieces kept = new Pieces(count);
        for (int i = 0; i < count; i++) {
            if (frames[i] != 0 || lengths[i] == 0) {
                kept.add(views[i], offsets[i], lengths[i], frames[i]);
            } else {
                kept.add(views[i].copyOf(offsets[i], lengths[i]), 0, lengths[i], 0);
            }
        }
        count = 0;
        return kept;
    }
}
