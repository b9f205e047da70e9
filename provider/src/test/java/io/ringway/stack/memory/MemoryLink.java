package io.ringway.stack.memory;

import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A transmit ring from one queue to another: single producer, single consumer. */
final class MemoryLink implements Link {
    private static final VarHandle PRODUCED;
    private static final VarHandle CONSUMED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PRODUCED = lookup.findVarHandle(MemoryLink.class, "produced", long.class);
            CONSUMED = lookup.findVarHandle(MemoryLink.class, "consumed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final MemoryQueue from;
    final MemoryQueue to;
    final int mask;
    private final long slots;
    final int[] headerLengths;
    final int[] payloadLengths;
    final long[] frames;
    final long[] payloadOffsets;
    private volatile long produced;
    private volatile long consumed;

    /** Headers and inline payload of the claim that is neither committed nor aborted, or -1. */
    int claimedHeaders = -1;

    int claimedInline;
    boolean dirty;
    /** The consumer's process is gone, and this one was told. The producer's. */
    boolean closed;
    /** The producer found the ring full, or crowded, and sleeps. */
    volatile boolean wantsRoom;
    /** The producer was told that the ring is crowded. */
    boolean foundCrowded;
    /** The way back; the consumer's. */
    @Nullable
    MemoryLink reverse;

    MemoryLink(MemoryQueue from, MemoryQueue to) {
        this.from = from;
        this.to = to;
        int count = from.port().network.setup().slots();
        mask = count - 1;
        slots = from.port().takeSlots();
        headerLengths = new int[count];
        payloadLengths = new int[count];
        frames = new long[count];
        payloadOffsets = new long[count];
    }

    long slot(long position) {
        return slots + (position & mask) * MemoryPort.SLOT;
    }

    long produced() {
        return (long) PRODUCED.getAcquire(this);
    }

    void produced(long position) {
        PRODUCED.setRelease(this, position);
    }

    long consumed() {
        return (long) CONSUMED.getAcquire(this);
    }

    void consumed(long position) {
        CONSUMED.setRelease(this, position);
    }

    boolean full() {
        return produced() - consumed() > mask;
    }

    private boolean crowded() {
        return produced() - consumed() > mask + 1 - (mask + 1 >>> 2);
    }

    /** Whether the producer, who goes to sleep, needs to be told of room. */
    boolean starves() {
        foundCrowded &= crowded();
        return full() || foundCrowded;
    }

    @Override
    public long committed() {
        return to.port().capabilities().lossless() ? produced() : 0;
    }

    @Override
    public boolean isCrowded() {
        foundCrowded |= lag() != 0 && crowded();
        return lag() != 0 && crowded();
    }

    @Override
    public Peer peer() {
        return to.port();
    }

    @Override
    public int lag() {
        return to.port().capabilities().lossless() && to.port().alive() ? (int) (produced() - consumed()) : 0;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public long peerWord(long offset) {
        return offset < 0 || (offset & 7) != 0 || offset > to.port().memory.byteSize() - 8
                ? 0
                : to.port().memory.get(ValueLayout.JAVA_LONG, offset);
    }

    @Override
    public String toString() {
        return from + " -> " + to;
    }
}
