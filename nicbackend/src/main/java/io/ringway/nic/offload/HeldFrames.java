package io.ringway.nic.offload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Frames that may be sent by reference with one write, in the order of its buffers. One thread; to be reused. */
public final class HeldFrames {
    private @Nullable HeldFrame[] frames = new HeldFrame[16];
    private int head;
    private int count;
    private int room;
    private boolean paused;

    /** Whether the thread allocates what is not to be sent. */
    public boolean isPaused() {
        return paused;
    }

    public void setPaused(boolean paused) {
        this.paused = paused;
    }

    /** Makes it an empty list, to be filled by {@link #offer}. */
    public void begin(int most) {
        clear();
        room = most;
    }

    /**
     * The next one of a write's messages stands in {@code frame}, or in none that may be sent by reference.
     *
     * @return whether there is room for more messages
     */
    public boolean offer(@Nullable HeldFrame frame) {
        if (frame != null && frame.isSendable()) {
            if (count == frames.length) {
                frames = Arrays.copyOf(frames, 2 * count);
            }
            frames[count++] = frame;
        }
        return --room > 0;
    }

    public boolean isEmpty() {
        return head == count;
    }

    /** The first one, or null. */
    public @Nullable HeldFrame first() {
        return head == count ? null : frames[head];
    }

    /** Removes the first one, which there must be. */
    public void removeFirst() {
        frames[head++] = null;
    }

    public void clear() {
        Arrays.fill(frames, head, count, null);
        head = 0;
        count = 0;
    }
}
