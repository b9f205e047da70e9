package io.ringway.stack;

/**
 * What a stack counts. Written by the owning thread with plain stores, read by anyone: a reader may see a value that is
 * a little old.
 */
public final class StackCounters {
    public long polls;
    public long segmentsReceived;
    public long segmentsSent;
    public long bytesReceived;
    public long bytesSent;
    /** Segments after which readers are told (M8). */
    public long completions;
    /** Times that a connection's observer was told, at most once per batch (M8). */
    public long events;
    /** Requests from threads that did not own the stack (M6). */
    public long requests;
    /** Packets that are no TCP/IP, or whose lengths or checksums are wrong. */
    public long malformed;
    /** Segments for nobody, answered with a RST. */
    public long unreachable;

    public long resetsSent;
    public long resetsReceived;
    /** SYNs dropped because the listener's backlog was full. */
    public long backlogFull;
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
