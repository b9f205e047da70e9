package io.ringway.stack.tcp;

import io.ringway.nic.DeviceQueue;
import java.util.Arrays;

/**
 * The frames that hold a connection's outgoing bytes, oldest first: published ones that must stay until they are
 * acknowledged (on ports that can lose), then unpublished ones, the last of which is open for more. Owner only.
 */
final class SendQueue {
    private long[] frames = new long[0];
    private int[] starts = new int[0];
    private int[] lengths = new int[0];
    private int[] capacities = new int[0];
    private int head;
    private int count;
    /** Entries from the head that are published whole. */
    private int published;
    /** Bytes of the next entry that are published. */
    private int publishedInNext;

    private long unpublishedBytes;

    long unpublished() {
        return unpublishedBytes;
    }

    boolean hasUnpublished() {
        return unpublishedBytes > 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Bytes that still fit into the open frame. */
    int openRoom() {
        if (count == published) {
            return 0;
        }
        int i = index(count - 1);
        return capacities[i] - starts[i] - lengths[i];
    }

    /** Where the next byte goes; only with room in the open frame. */
    long openOffset() {
        int i = index(count - 1);
        return frames[i] + starts[i] + lengths[i];
    }

    void grow(int bytes) {
        lengths[index(count - 1)] += bytes;
        unpublishedBytes += bytes;
    }

    /** Adds an empty frame as the open one. */
    void add(long frame, int capacity) {
        if (count == frames.length) {
            enlarge();
        }
        int i = index(count++);
        frames[i] = frame;
        starts[i] = 0;
        lengths[i] = 0;
        capacities[i] = capacity;
    }

    /** Adds a frame with {@code length} bytes from {@code start} on, closed to further ones. */
    void addFilled(long frame, int start, int length) {
        add(frame, start + length);
        int i = index(count - 1);
        starts[i] = start;
        grow(length);
    }

    private void enlarge() {
        int size = Math.max(8, frames.length * 2);
        long[] f = new long[size];
        int[] s = new int[size];
        int[] l = new int[size];
        int[] c = new int[size];
        for (int k = 0; k < count; k++) {
            int i = index(k);
            f[k] = frames[i];
            s[k] = starts[i];
            l[k] = lengths[i];
            c[k] = capacities[i];
        }
        frames = f;
        starts = s;
        lengths = l;
        capacities = c;
        head = 0;
    }

    private int index(int k) {
        return head + k & frames.length - 1;
    }

    long nextFrame() {
        return frames[index(published)];
    }

    long nextOffset() {
        int i = index(published);
        return frames[i] + starts[i] + publishedInNext;
    }

    /** Bytes of the next frame that are not published. */
    int nextLength() {
        return lengths[index(published)] - publishedInNext;
    }

    /** Notes that the next {@code bytes} are out. A frame that is out whole is closed to further bytes. */
    void publish(int bytes) {
        publishedInNext += bytes;
        unpublishedBytes -= bytes;
        if (publishedInNext == lengths[index(published)]) {
            published++;
            publishedInNext = 0;
        }
    }

    /** Frees the frames that are published whole; for ports that lose nothing. */
    void freePublished(DeviceQueue queue) {
        while (published > 0) {
            queue.free(frames[head]);
            pop();
            published--;
        }
    }

    /** Frees what the first {@code bytes} cover: they are acknowledged. */
    void acknowledge(int bytes, DeviceQueue queue) {
        int left = bytes;
        while (left > 0 && count > 0) {
            int length = lengths[head];
            if (left < length) {
                starts[head] += left;
                lengths[head] -= left;
                if (published == 0) {
                    publishedInNext -= left;
                }
                return;
            }
            left -= length;
            queue.free(frames[head]);
            pop();
            if (published > 0) {
                published--;
            } else {
                publishedInNext = 0;
            }
        }
    }

    private void pop() {
        head = head + 1 & frames.length - 1;
        count--;
        if (count == 0 && frames.length > 64) {
            shrink();
        }
    }

    private void shrink() {
        frames = new long[8];
        starts = new int[8];
        lengths = new int[8];
        capacities = new int[8];
        head = 0;
    }

    /** Starts again at the oldest byte (RFC 6298, section 5.4). */
    void rewind() {
        for (int k = 0; k < published; k++) {
            unpublishedBytes += lengths[index(k)];
        }
        unpublishedBytes += publishedInNext;
        published = 0;
        publishedInNext = 0;
    }

    void freeAll(DeviceQueue queue) {
        while (count > 0) {
            queue.free(frames[head]);
            pop();
        }
        published = 0;
        publishedInNext = 0;
        unpublishedBytes = 0;
        Arrays.fill(lengths, 0);
    }
}
