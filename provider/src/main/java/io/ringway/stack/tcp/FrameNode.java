package io.ringway.stack.tcp;

import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Payloads left in the frames that they came in, all from one stack's queue. */
final class FrameNode extends StreamNode {
    private static final int CAPACITY = 32;
    private static final int MASK = CAPACITY - 1;

    private final MemoryView[] views = new MemoryView[CAPACITY];
    private final long[] offsets = new long[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final long[] frames = new long[CAPACITY];
    private @Nullable NetworkStack origin;
    /** The consumer's place inside the entry at its position. */
    private int consumed;
    /** The producer's count of entries given back. */
    private long reclaimed;

    void origin(NetworkStack stack) {
        origin = stack;
    }

    @Override
    void restart(int newSerial) {
        super.restart(newSerial);
        consumed = 0;
        reclaimed = 0;
    }

    /** Producer: there is room, and the frame would go back the same way as the others. */
    boolean accepts(NetworkStack from) {
        return origin == from && written() - reclaimed < CAPACITY;
    }

    void append(MemoryView view, long offset, int length, long frame) {
        long at = written();
        int index = (int) at & MASK;
        views[index] = view;
        offsets[index] = offset;
        lengths[index] = length;
        frames[index] = frame;
        written(at + 1);
    }

    @Override
    int run() {
        long at = position();
        return at == written() ? 0 : lengths[(int) at & MASK] - consumed;
    }

    /** Consumer: takes the next payload, or what is left of it, as it is. Only with something there. */
    ReceivedFrame lend(TcpConnection c) {
        long at = position();
        int index = (int) at & MASK;
        NetworkStack from = origin;
        if (from == null || at == written()) {
            throw new IllegalStateException("nothing to lend");
        }
        ReceivedFrame lent = new ReceivedFrame(
                c, from, views[index].segment(), offsets[index] + consumed, lengths[index] - consumed, frames[index]);
        frames[index] = 0;
        consumed = 0;
        position(at + 1);
        return lent;
    }

    @Override
    int read(ByteBuffer target) {
        long at = position();
        if (at == written()) {
            return 0;
        }
        int index = (int) at & MASK;
        int n = Math.min(lengths[index] - consumed, target.remaining());
        views[index].get(offsets[index] + consumed, target, n);
        consumed += n;
        if (consumed == lengths[index]) {
            consumed = 0;
            position(at + 1);
        }
        return n;
    }

    @Override
    void reclaim(NetworkStack owner) {
        NetworkStack from = origin;
        long upTo = position();
        while (from != null && reclaimed < upTo) {
            long frame = frames[(int) reclaimed & MASK];
            if (frame != 0) {
                from.releaseReceived(frame, owner);
            }
            reclaimed++;
        }
    }
}
