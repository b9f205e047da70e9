package io.ringway.bench.jmh;

import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A ring of slots from one {@link MemoryQueue} to another. */
final class MemoryLink implements Link {
    private static final int MASK = MemoryPort.SLOTS - 1;

    private final MemoryQueue source;
    private final MemoryQueue target;
    private final MemorySegment memory;
    private final MemorySegment headers = Arena.ofAuto().allocate(MemoryPort.SLOT_BYTES, 8);
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
            MemorySegment.copy(memory, slot(consumed), headers, 0, headerLengths[i]);
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
