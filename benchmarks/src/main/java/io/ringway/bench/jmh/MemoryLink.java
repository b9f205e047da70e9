package io.ringway.bench.jmh;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A ring of slots from one {@link MemoryQueue} to another. */
final class MemoryLink implements Link {
    private static final int MASK = MemoryPort.SLOTS - 1;

    private final MemoryQueue source;
    private final MemoryQueue target;
    private final MemorySegment memory;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final long[] headers = new long[MemoryPort.SLOT_BYTES / Long.BYTES];
    private final long ring;
    private final int[] headerLengths = new int[MemoryPort.SLOTS];
    private final long[] frames = new long[MemoryPort.SLOTS];
    private final long[] payloadOffsets = new long[MemoryPort.SLOTS];
    private final int[] payloadLengths = new int[MemoryPort.SLOTS];
    private int produced;
    private int consumed;

    MemoryLink(MemoryPort port, MemoryQueue source, MemoryQueue target) {
        this.source = source;
        this.target = target;
        this.memory = port.memory();
        this.ring = port.newRing();
    }

    MemoryQueue target() {
        return target;
    }

    long claim() {
        return lag() == MemoryPort.SLOTS ? -1 : slot(produced);
    }

    private long slot(int number) {
        return ring + (long) (number & MASK) * MemoryPort.SLOT_BYTES;
    }

    void commit(int headerLength, long frame, long payloadOffset, int payloadLength) {
        int i = produced & MASK;
        headerLengths[i] = headerLength;
        frames[i] = frame;
        payloadOffsets[i] = frame == 0 ? slot(produced) + headerLength : payloadOffset;
        payloadLengths[i] = payloadLength;
        produced++;
    }

    int receive(FrameHandler handler, int budget) {
        int count = Math.min(budget, lag());
        for (int n = 0; n < count; n++) {
            int i = consumed & MASK;
            for (int at = 0; at < headerLengths[i]; at += Long.BYTES) {
                headers[at / Long.BYTES] = memory.get(WORD, slot(consumed) + at);
            }
            consumed++;
            handler.onFrame(
                    target.linkTo(source),
                    headers,
                    headerLengths[i],
                    memory,
                    payloadOffsets[i],
                    payloadLengths[i],
                    frames[i]);
        }
        return count;
    }

    @Override
    public Peer peer() {
        return MemoryPort.self();
    }

    @Override
    public int lag() {
        return produced - consumed;
    }

    @Override
    public long peerWord(long offset) {
        return 0;
    }
}
