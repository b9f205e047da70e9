package io.ringway.nic;

import io.ringway.nic.offload.DescriptorList;
import io.ringway.nic.offload.Segmenter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A super-segment on its way out, cut as far as the ring had room. The queue's thread only. */
final class Backlog {
    private final Segmenter segmenter;
    private final DescriptorList payload = new DescriptorList(1);
    private @Nullable Link link;
    private long frame;
    /** The stack needs the frame no longer; the rest of the super-segment does. */
    boolean freed;

    Backlog(boolean checksums) {
        segmenter = new Segmenter(checksums, 1);
    }

    /** Takes a packet whose headers stand in the claimed slot at {@code at}; false if it can't be cut. */
    boolean begin(
            Link to, MemorySegment memory, long at, int headers, long inFrame, long offset, int length, int size) {
        link = to;
        frame = inFrame;
        freed = false;
        payload.clear();
        payload.add(memory, offset, length, inFrame);
        return segmenter.begin(memory, at, headers, payload, size);
    }

    Link link() {
        Link l = link;
        if (l == null) {
            throw new IllegalStateException("not begun");
        }
        return l;
    }

    long frame() {
        return frame;
    }

    boolean hasNext() {
        return segmenter.hasNext();
    }

    int headerLength() {
        return segmenter.headerLength();
    }

    /** Publishes the next segment in the claimed slot at {@code at}. */
    void commitNext(DeviceQueue queue, long at) {
        int length = segmenter.next();
        segmenter.writeHeaders(queue.memory(), at);
        long offset = length == 0 ? 0 : segmenter.piece().offset(0);
        queue.commit(link(), segmenter.headerLength(), frame, offset, length);
    }
}
