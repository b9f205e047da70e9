package io.ringway.stack;

/**
 * What a stack counts. Written by the owning thread with plain stores, read by anyone: a reader may see a value that is
 * a little old.
 */
public final class StackCounters {
    public long polls;
    public long segmentsReceived;
    /** Those of them that header prediction has recognised, without a look-up. */
    public long segmentsPredicted;

    public long segmentsSent;
    public long bytesReceived;
    public long bytesSent;
    /** Segments after which readers are told (M8). */
    public long completions;
    /** Times that a connection's observer was told, at most once per batch (M8). */
    public long events;
    /** Requests from threads that did not own the stack (M6). */
    public long requests;
    /** Windows of requests that were taken from the ring at a time. */
    public long requestBatches;
    /** Times that requests of a connection were performed, one or several back to back. */
    public long contextLoads;
    /**
     * Requests, and operations that a connection's waiting request had taken up, that found the connection's state loaded
     * by the one before.
     */
    public long contextHits;
    /** Packets that are no TCP/IP, or whose lengths or checksums are wrong. */
    public long malformed;
    /** Segments in the name of a connection's peer, sent by another process. */
    public long foreign;
    /** Segments for nobody, answered with a RST. */
    public long unreachable;

    public long resetsSent;
    public long resetsReceived;
    /** SYNs dropped because the listener's backlog was full. */
    public long backlogFull;
    /** Connections refused because one over another port has the same two ends. */
    public long pairsInUse;
    /** Segments outside the window, or otherwise unacceptable. */
    public long unacceptable;
    /** Segments ahead of a gap, kept. */
    public long outOfOrder;

    public long retransmissions;
    public long windowProbes;
    /** Segments that arrived for a connection after it had moved, handed on (M9). */
    public long forwarded;

    public long connectionsMoved;
    public long connectionsOpened;
    public long connectionsClosed;
    /**
     * Times that a flow sent in its turn, or at once although others were waiting for the same ring, and the bytes with
     * 256 for each slot (M5): of bulk flows, which had more to send or much in the ring, and of small ones.
     */
    public long bulkTurns;

    public long bulkTurnBytes;
    public long smallTurns;
    public long smallTurnBytes;
    /** Turns that ended because the flow's deficit was used up. */
    public long flowDeferrals;
    /** Times that a flow with much in the ring left the rest of it to others. */
    public long flowsHeldBack;
    /** Buffer descriptors of gathering writes (M10). */
    public long descriptors;
    /** Buffers that became part of the descriptor before them. */
    public long descriptorsMerged;
    /** Payload bytes copied from the program's buffers: once each, into a slot or a frame (M12). */
    public long bytesCopiedIn;
    /** Those of them that lay in heap memory in between, since another thread owned the stack. */
    public long bytesHandedOff;
    /** Payload bytes copied into the program's buffers. Brought up to date when the stack deals with the connection. */
    public long bytesCopiedOut;
    /** Payload bytes sent out of frames that the program filled (M12). */
    public long bytesByReferenceIn;
    /** Payload bytes that the program read in their frames; up to date as {@link #bytesCopiedOut}. */
    public long bytesByReferenceOut;
}
