package io.ringway.nic.offload;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.offload.TcpHeaders.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the in-order TCP segments of each flow within one receive batch, without any state of a connection, and hands
 * on one aggregated segment when an {@linkplain CollectionEnd event} ends the collection (M11). Order within a flow is
 * kept: whatever can't join goes behind the collection that it ended. Verifies checksums on the way where the port
 * doesn't; then those of an aggregate are right too, else they are as they came.
 *
 * <p>Payload stays where it is; only payload that is valid during the call is copied, into one bounded place. A table of
 * {@value #FLOWS} flows; nothing is allocated per segment. One thread, the queue's.
 */
public final class Aggregator implements FrameHandler {
    /** Flows that are collected at the same time. */
    public static final int FLOWS = 8;

    private static final int STAGING = 64 << 10;
    private static final int NEVER_JOINS = TcpHeaders.SYN | TcpHeaders.RST | TcpHeaders.URG;
    private static final int ENDS = TcpHeaders.PSH | TcpHeaders.FIN;

    private final LongConsumer release;
    private final boolean checksums;
    private final boolean collects;
    private final AggregatorCounters counters = new AggregatorCounters();
    private final TcpHeaders fields = new TcpHeaders();
    /** The open ones first, in the order of their first segments. */
    private final SegmentCollection[] collections = new SegmentCollection[FLOWS];

    private int open;
    private @Nullable FrameHandler handler;
    private @Nullable MemorySegment staging;
    private int staged;

    /**
     * @param release takes the frames that are needed no longer
     * @param checksums whether to verify them, and to drop what is broken
     * @param collects whether to collect at all
     */
    public Aggregator(LongConsumer release, boolean checksums, boolean collects) {
        this.release = release;
        this.checksums = checksums;
        this.collects = collects;
        for (int i = 0; i < FLOWS; i++) {
            collections[i] = new SegmentCollection();
        }
    }

    /** Any thread. */
    public AggregatorCounters counters() {
        return counters;
    }

    /** A batch begins: what comes out goes to {@code target}. */
    public void beginBatch(FrameHandler target) {
        handler = target;
    }

    /** The batch is over: nothing stays behind. */
    public void endBatch() {
        endAll(CollectionEnd.BATCH_END);
        handler = null;
    }

    private FrameHandler handler() {
        FrameHandler h = handler;
        if (h == null) {
            throw new IllegalStateException("outside of a batch");
        }
        return h;
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long offset, int length, long frame) {
        Kind kind = fields.find(headers, headerLength, length);
        if (kind == Kind.OTHER) {
            handler().onFrame(source, headers, headerLength, payload, offset, length, frame);
            return;
        }
        counters.segmentsIn++;
        long sum = 0;
        if (checksums && kind != Kind.FRAGMENT) {
            sum = Checksum.add(0, payload, offset, length);
            if (!fields.checksumsRight(headers, sum, length)) {
                drop(headers, frame);
                return;
            }
        }
        boolean plain = kind == Kind.TCP && SegmentCollection.fits(headerLength);
        if (!plain) {
            endFlow(headers, kind == Kind.FRAGMENT ? CollectionEnd.FRAGMENT : CollectionEnd.EXTENSION_HEADER);
        }
        if (!plain || !collect(source, headers, headerLength, payload, offset, length, frame, sum)) {
            counters.segmentsOut++;
            handler().onFrame(source, headers, headerLength, payload, offset, length, frame);
        }
    }

    private void drop(long[] headers, long frame) {
        counters.badChecksums++;
        endFlow(headers, CollectionEnd.CHECKSUM);
        if (frame != 0) {
            release.accept(frame);
        }
    }

    /** False if the segment is to be handed on by itself, now. */
    private boolean collect(
            Link source,
            long[] headers,
            int headerLength,
            MemorySegment payload,
            long offset,
            int length,
            long frame,
            long sum) {
        int i = find(headers);
        if (i >= 0) {
            SegmentCollection c = collections[i];
            CollectionEnd obstacle = c.obstacle(source, fields, headers, length);
            if (obstacle == null && !hasPlace(c, payload, offset, length, frame)) {
                obstacle = CollectionEnd.SIZE;
            }
            if (obstacle == null) {
                append(c, payload, offset, length, frame, sum);
                if ((fields.flags & ENDS) != 0) {
                    end(i, (fields.flags & TcpHeaders.FIN) != 0 ? CollectionEnd.FIN : CollectionEnd.PUSH);
                }
                return true;
            }
            end(i, obstacle);
        }
        if (!collects || length == 0 || (fields.flags & (NEVER_JOINS | ENDS)) != 0) {
            return false;
        }
        if (open == FLOWS) {
            end(0, CollectionEnd.TABLE_FULL);
        }
        SegmentCollection c = collections[open];
        c.start(source, headers, headerLength, length);
        if (!hasPlace(c, payload, offset, length, frame)) {
            return false;
        }
        open++;
        append(c, payload, offset, length, frame, sum);
        return true;
    }

    private boolean hasPlace(SegmentCollection c, MemorySegment payload, long offset, int length, long frame) {
        if (frame == 0) {
            return staged + length <= STAGING && (!c.payload.isFull() || length == 0);
        }
        return !c.payload.isFull() || c.payload.continues(payload, offset, frame);
    }

    private void append(SegmentCollection c, MemorySegment payload, long offset, int length, long frame, long sum) {
        if (frame == 0) {
            MemorySegment copy = staging();
            MemorySegment.copy(payload, offset, copy, staged, length);
            c.append(copy, staged, length, 0, fields.flags, sum);
            staged += length;
            return;
        }
        boolean again = length == 0 || c.payload.continues(payload, offset, frame);
        c.append(payload, offset, length, frame, fields.flags, sum);
        if (again) {
            // The descriptor that this piece became part of releases the frame.
            release.accept(frame);
        }
    }

    private MemorySegment staging() {
        MemorySegment s = staging;
        if (s == null) {
            s = Arena.ofAuto().allocate(STAGING);
            staging = s;
        }
        return s;
    }

    private int find(long[] headers) {
        for (int i = 0; i < open; i++) {
            if (collections[i].isOfFlow(fields, headers)) {
                return i;
            }
        }
        return -1;
    }

    /** Ends the flow's collection; all between the two addresses where the ports are unknown. */
    private void endFlow(long[] headers, CollectionEnd reason) {
        for (int i = open - 1; i >= 0; i--) {
            SegmentCollection c = collections[i];
            if (fields.tcp == 0 ? c.isBetweenSameAddresses(fields, headers) : c.isOfFlow(fields, headers)) {
                end(i, reason);
            }
        }
    }

    private void endAll(CollectionEnd reason) {
        while (open > 0) {
            end(0, reason);
        }
        staged = 0;
    }

    private void end(int index, CollectionEnd reason) {
        SegmentCollection c = collections[index];
        open--;
        System.arraycopy(collections, index + 1, collections, index, open - index);
        collections[open] = c;
        counters.ended(reason);
        counters.segmentsOut++;
        if (c.segments > 1) {
            counters.aggregatesOut++;
        }
        c.correctHeaders(checksums);
        DescriptorList p = c.payload;
        if (p.size() == 1) {
            handler()
                    .onFrame(
                            c.source(), c.headers, c.headerLength(), p.memory(0), p.offset(0), p.length(0), p.frame(0));
        } else {
            handler().onAggregate(c.source(), c.headers, c.headerLength(), p);
        }
        c.clear();
    }

    /** {@inheritDoc} Nobody collects before this. */
    @Override
    public void onAggregate(Link source, long[] headers, int headerLength, DescriptorList payload) {
        handler().onAggregate(source, headers, headerLength, payload);
    }

    @Override
    public void onPeerGone(Peer peer) {
        endAll(CollectionEnd.PEER_GONE);
        handler().onPeerGone(peer);
    }
}
