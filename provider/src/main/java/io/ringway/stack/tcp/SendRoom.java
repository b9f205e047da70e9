package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackSettings;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * How many bytes a connection's program may still write. A reader that keeps reading gets so much ahead of it, the
 * base; one that read nothing while half of that arrived has stalled, and gets up to the limit. What the peer has read
 * is known to the unit of its window only.
 */
final class SendRoom {
    /** With a full buffer, a reader that reads nothing for so long has stalled; nanoseconds. */
    private static final long STALL = 10_000_000L;

    private static final AtomicLongFieldUpdater<SendRoom> ACCEPTED =
            AtomicLongFieldUpdater.newUpdater(SendRoom.class, "accepted");
    private static final AtomicLongFieldUpdater<SendRoom> CLEARED =
            AtomicLongFieldUpdater.newUpdater(SendRoom.class, "cleared");

    private final TcpConnection c;
    private final int base;
    private final int limit;

    /** Bytes accepted from the program; written under the channel's write lock. */
    private volatile long accepted;
    /** Bytes that the peer acknowledged, and on a lossless port also read. */
    private volatile long cleared;

    /** The program was told that there is no room. */
    private volatile boolean wantsRoom;
    /** {@link #cleared} when half of the buffer was full, or when the reader was found stalled later. */
    private volatile long clearedAtHalf;

    private long clearedAtWatch;

    /** The device queue had no frame; the owner's. Read behind volatile fields, so that no loop misses a change. */
    private boolean noFrames;

    SendRoom(TcpConnection c, StackSettings settings) {
        this.c = c;
        base = settings.sendBuffer();
        limit = settings.sendBufferLimit();
    }

    /** Bytes that a write may accept. Any thread. */
    int now() {
        long ahead = accepted - cleared;
        if (noFrames) {
            return 0;
        }
        if (ahead < base) {
            return (int) (base - ahead);
        }
        return c.send.windowKnown && readNothingSince(clearedAtHalf) ? (int) Math.max(0, limit - ahead) : 0;
    }

    private boolean readNothingSince(long before) {
        return cleared - before <= 4L << c.send.windowShift;
    }

    /** What may be accepted without a look whether the reader has stalled. */
    int unasked() {
        return (int) Math.max(0, base - (accepted - cleared));
    }

    /** There is no room: looks after a while whether the reader has stalled in the middle of a stream. Owner. */
    void watchReader(NetworkStack stack) {
        if (c.stallAt == Long.MAX_VALUE && now() == 0) {
            clearedAtWatch = cleared;
            c.stallAt = stack.now() + STALL;
            stack.timerChanged(c);
        }
    }

    /** The end of the watch. Owner. */
    void watched(NetworkStack stack) {
        c.stallAt = Long.MAX_VALUE;
        if (readNothingSince(clearedAtWatch)) {
            clearedAtHalf = cleared;
        } else if (wantsRoom) {
            watchReader(stack);
        }
    }

    /** Takes {@code bytes} of the room. Under the channel's write lock. */
    void accept(int bytes) {
        long before = accepted - cleared;
        if (before < base / 2 && before + bytes >= base / 2) {
            clearedAtHalf = cleared;
        }
        ACCEPTED.lazySet(this, accepted + bytes);
    }

    /** After there was none: has the program told as soon as there is, and looks once more. Any thread. */
    boolean afterAll() {
        wantsRoom = true;
        VarHandle.fullFence();
        return now() > 0;
    }

    /** Whether the program is to be told, once. Owner. */
    boolean takeWanted() {
        if (wantsRoom && now() > 0) {
            wantsRoom = false;
            return true;
        }
        return false;
    }

    /** The peer has read so much in all. Owner. */
    void cleared(long bytes) {
        if (bytes > cleared) {
            CLEARED.lazySet(this, bytes);
        }
    }

    /** The device queue has frames, or none. Owner. */
    void frames(boolean none) {
        noFrames = none;
    }

    boolean lacksFrames() {
        return noFrames;
    }

    /** Bytes that the peer had not read as far as this side knows. */
    long unreadByPeer() {
        return accepted - cleared;
    }

    long accepted() {
        return accepted;
    }
}
