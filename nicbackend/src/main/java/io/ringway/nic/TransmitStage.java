package io.ringway.nic;

import java.util.ArrayList;
import java.util.List;

/**
 * What the {@link TransmitPipeline} does for one queue. A super-segment whose segments find the ring full waits here, at
 * most one for each link: claims on that link fail until it is out. The queue's thread only, except {@link #count}.
 */
final class TransmitStage {
    private final DeviceQueue queue;
    private final boolean checksums;
    private final boolean portCuts;
    private final List<Backlog> waiting = new ArrayList<>();
    private final List<Backlog> spare = new ArrayList<>();
    private Backlog current;
    private long claimed;
    private long superSegments;
    private long segmentsCut;
    private long heldBack;

    TransmitStage(DeviceQueue queue, boolean checksums, boolean portCuts) {
        this.queue = queue;
        this.checksums = checksums;
        this.portCuts = portCuts;
        current = new Backlog(checksums);
    }

    long claim(Link link, int headerLength, int inlineLength) {
        if (!waiting.isEmpty() && !pushOut(link)) {
            return -1;
        }
        claimed = queue.claim(link, headerLength, inlineLength);
        return claimed;
    }

    /** A packet that needs no cutting. */
    void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        if (!checksums || !begin(link, headerLength, frame, payloadOffset, payloadLength, Integer.MAX_VALUE)) {
            queue.commit(link, headerLength, frame, payloadOffset, payloadLength);
        } else {
            current.commitNext(queue, claimed);
        }
    }

    /** A super-segment. */
    void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength, int segmentSize) {
        superSegments++;
        if (portCuts) {
            queue.commit(link, headerLength, frame, payloadOffset, payloadLength, segmentSize);
            return;
        }
        if (frame == 0 || !begin(link, headerLength, frame, payloadOffset, payloadLength, segmentSize)) {
            queue.abort(link);
            throw new IllegalArgumentException("no super-segment that can be cut");
        }
        current.commitNext(queue, claimed);
        segmentsCut++;
        if (!advance(current)) {
            heldBack++;
            waiting.add(current);
            current = spare.isEmpty() ? new Backlog(checksums) : spare.removeLast();
        }
    }

    private boolean begin(Link link, int headers, long frame, long offset, int length, int segmentSize) {
        long from = frame == 0 ? claimed + headers : offset;
        return current.begin(link, queue.memory(), claimed, headers, frame, from, length, segmentSize);
    }

    /** Publishes segments for as long as there is room; false when some are left. */
    private boolean advance(Backlog b) {
        while (b.hasNext()) {
            long at = queue.claim(b.link(), b.headerLength(), 0);
            if (at < 0) {
                return false;
            }
            b.commitNext(queue, at);
            segmentsCut++;
        }
        return true;
    }

    int backlog() {
        return waiting.size();
    }

    /** Publishes what waits, as far as there is room. */
    void pushOut() {
        for (int i = 0; i < waiting.size(); ) {
            i = push(i) ? i : i + 1;
        }
    }

    /** The same for one link; false when something still waits there. */
    private boolean pushOut(Link link) {
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).link() == link) {
                return push(i);
            }
        }
        return true;
    }

    /** Whether number {@code i} of those that wait is out, or nobody is there to take it. */
    private boolean push(int i) {
        Backlog b = waiting.get(i);
        if (!b.link().isClosed() && !advance(b)) {
            return false;
        }
        waiting.remove(i);
        if (b.freed && !keepsWaitingFor(b.frame())) {
            queue.free(b.frame());
        }
        spare.add(b);
        return true;
    }

    private boolean keepsWaitingFor(long frame) {
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).frame() == frame) {
                waiting.get(i).freed = true;
                return true;
            }
        }
        return false;
    }

    /** The stack needs the frame no longer; it is freed as soon as nothing of it waits. */
    void free(long frame) {
        if (waiting.isEmpty() || !keepsWaitingFor(frame)) {
            queue.free(frame);
        }
    }

    /** Any thread. */
    void count(PortCounters sum) {
        sum.add("superSegments", superSegments);
        sum.add("segmentsCut", segmentsCut);
        sum.add("superSegmentsHeldBack", heldBack);
    }
}
