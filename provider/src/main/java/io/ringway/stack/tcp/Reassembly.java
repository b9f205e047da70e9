package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * Segments ahead of a gap, in order of their sequence numbers (RFC 9293, section 3.10.7.4: segments may be held). Owner
 * only. On lossless ports gaps appear only while a connection moves between stacks.
 */
final class Reassembly {
    private static final int LIMIT = 4096;

    private Segment[] held = new Segment[0];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Keeps a copy of {@code s}, and its frame if it has one. False when there is no room: the segment is not kept. */
    boolean hold(Segment s) {
        if (count == LIMIT) {
            return false;
        }
        if (count == held.length) {
            Segment[] larger = new Segment[Math.max(8, count * 2)];
            System.arraycopy(held, 0, larger, 0, count);
            held = larger;
        }
        int at = count++;
        Segment copy = s.keep();
        while (at > 0 && Seq.lessThan(copy.seq, held[at - 1].seq)) {
            held[at] = held[at - 1];
            at--;
        }
        held[at] = copy;
        return true;
    }

    /** The next segment that starts at or before {@code nxt}, or null. */
    @Nullable
    Segment next(int nxt) {
        if (count == 0 || Seq.lessThan(nxt, held[0].seq)) {
            return null;
        }
        Segment s = held[0];
        System.arraycopy(held, 1, held, 0, --count);
        if (count == 0) {
            held = new Segment[0];
        }
        return s;
    }

    void discard(NetworkStack owner) {
        for (int i = 0; i < count; i++) {
            held[i].release(owner);
        }
        held = new Segment[0];
        count = 0;
    }
}
