package io.ringway.nic;

import java.lang.foreign.MemorySegment;

/**
 * One receive side and one transmit side of a {@link Port}, with their frame memory. All methods belong to the thread
 * that owns the queue at the moment, except where they say "any thread".
 *
 * <p>Transmit: {@link #claim} a slot, write headers (and inline payload directly behind them) into {@link #memory()} at
 * the returned offset, {@link #commit} it, {@link #flush} once per batch. Payload that does not fit into the slot is
 * written into a frame first. A frame is reused when the stack has {@linkplain #free freed} it and every committed
 * slot that named it was released by its receiver.
 */
public interface DeviceQueue extends AutoCloseable {
    /** Number of this queue within its port in this process; named in every transmit (M9). Any thread. */
    int id();

    /** Any thread. */
    Port port();

    /** The port's own queue, where this one stands before it. Any thread. */
    default DeviceQueue device() {
        return this;
    }

    /** What the user of this queue may rely on: what the port does, and what the pipelines complete. Any thread. */
    default Capabilities capabilities() {
        return port().capabilities();
    }

    /** Slots and frames of this process; all offsets below are offsets into it. Any thread. */
    MemorySegment memory();

    /**
     * Hands up to {@code budget} received frames to {@code handler}, ring after ring, and publishes the cursors once.
     *
     * @return frames handed over; 0 when nothing was there
     */
    int receive(FrameHandler handler, int budget);

    /**
     * Whether {@link #receive} may find a frame: a look at memory that costs a fraction of it. What else that call takes
     * care of is not looked for. True where there is no such look.
     */
    default boolean hasNext() {
        return true;
    }

    /** Gives a received frame back to its sender. */
    void release(long frame);

    /**
     * Claims a slot towards {@code link}.
     *
     * @param headerLength bytes of headers
     * @param inlineLength bytes of payload that go behind them; together at most {@link Capabilities#inlineBytes()}
     * @return where to write the headers, or -1 when the ring is full (counted; try again after the next poll)
     */
    long claim(Link link, int headerLength, int inlineLength);

    /**
     * Publishes the claimed slot.
     *
     * @param frame 0 when the payload is inline, otherwise the frame from {@link #allocate}
     * @param payloadOffset where in {@link #memory()} the payload starts, inside the frame; ignored when inline
     * @param payloadLength bytes of payload
     */
    void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength);

    /**
     * Publishes the claimed slot with a super-segment, to be cut into segments (M10). Only where {@link #capabilities()}
     * says so. What finds no room at once follows later, before anything that is claimed later on this link.
     *
     * @param frame the frame that holds the payload, not 0
     * @param segmentSize the most payload of one segment
     */
    default void commit(
            Link link, int headerLength, long frame, long payloadOffset, int payloadLength, int segmentSize) {
        throw new UnsupportedOperationException(port().name() + " cuts no super-segments");
    }

    /** Super-segments that were committed and are not published whole yet. */
    default int backlog() {
        return 0;
    }

    /** Adds what this queue has counted. Any thread. */
    default void count(PortCounters sum) {}

    /** Gives the claimed slot back unpublished. */
    void abort(Link link);

    /** Wakes the receivers of what was committed since the last flush, where they sleep. */
    void flush();

    /**
     * Takes a frame for at least {@code size} bytes of payload ({@code size} at most {@link Capabilities#maxPayload()}).
     *
     * @return the frame: the offset of its first byte in {@link #memory()}, or 0 when the memory bound is reached (counted)
     */
    long allocate(int size);

    /**
     * Whether frames are so scarce that the rest of them is for others: for connections, and peers, that hold few.
     *
     * @param link where the frame would be sent
     * @param held bytes of the connection that its peer has not read
     */
    default boolean isReserved(Link link, long held) {
        return false;
    }

    /** Bytes that {@code frame} holds. */
    int capacity(long frame);

    /** The stack needs the frame no longer. */
    void free(long frame);

    /** Looks which frames came back, before they run short: those of others, lent to this queue, go home then. */
    default void reclaim() {}

    /** Asks for the doorbell with the next frame. Poll once more before sleeping: what came before needs no bell. */
    void arm();

    /** Takes {@link #arm()} back. */
    void disarm();

    /**
     * A file descriptor that becomes readable when an armed queue receives, or when {@link #ring()} is called. Any thread.
     */
    int doorbell();

    /** Makes the doorbell readable. Any thread. */
    void ring();

    /** Makes the doorbell unreadable again. */
    void clearDoorbell();

    /** Leaves the port. Owner's thread; nothing may use the queue afterwards. */
    @Override
    void close();

    /** Descriptors, stamps and cursors of peers that said something impossible and were not believed. Any thread. */
    default long garbage() {
        return 0;
    }
}
