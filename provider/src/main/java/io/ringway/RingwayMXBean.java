package io.ringway;

import java.util.Map;

/**
 * What Ringway did in this process and why: the management bean {@code io.ringway:type=Ringway}. It appears within a
 * second after the process has the platform's bean server, by a management tool or by the program itself, and two seconds
 * after the first TCP bind or connect at the earliest: wait for it. Counters only grow; reading them costs the program's
 * threads nothing, and a reader may see values that are a little old.
 */
public interface RingwayMXBean {
    /** The version that this is. */
    String getVersion();

    /** The name of the active profile. */
    String getProfile();

    /** Connections that left the kernel's path. */
    long getAcceleratedConnections();

    /** TCP connections that the kernel carries. */
    long getKernelConnections();

    /** Connections opened or accepted, by {@link PathReason}. */
    Map<String, Long> getConnectionsByReason();

    /** Payload bytes received by accelerated connections. */
    long getBytesReceived();

    /** Payload bytes sent by accelerated connections. */
    long getBytesSent();

    /** Payload bytes that were copied from programs' buffers into slots or frames: each byte written, once (M12). */
    long getBytesCopiedIn();

    /** Buffer descriptors that gathering writes came to (M10). */
    long getDescriptors();

    /** Buffers of gathering writes that were adjacent to the one before and became part of its descriptor (M10). */
    long getDescriptorsMerged();

    /**
     * What each port of the NIC has counted, by its name (M4): frames and bytes, and where the pipelines have something
     * to complete, super-segments and segments cut (M10), segments collected and what ended collections (M11).
     */
    Map<String, Map<String, Long>> getPorts();

    /** Those of them that a second copy was made of: another thread owned the stack when they were written. */
    long getBytesHandedOff();

    /**
     * Payload bytes that were copied into programs' buffers: each byte read, once (M12). Brought up to date when the stack
     * next deals with the connection, at its end at the latest.
     */
    long getBytesCopiedOut();

    /** Payload bytes that programs sent in frames that they had filled themselves, uncopied (M12). */
    long getBytesByReferenceIn();

    /** Payload bytes that programs read in their frames, uncopied (M12); up to date as {@link #getBytesCopiedOut()}. */
    long getBytesByReferenceOut();

    /** Bytes that were copied although the program used {@link RegisteredBuffers} (M12). */
    long getRegisteredBytesCopied();

    /** Bytes of frames that the program has on loan to fill, or that were sent so and are not free again (M12). */
    long getRegisteredBytes();

    /** Bytes that received frames on loan to the program count for (M12). */
    long getLentBytes();

    /** The bound on each of the two. */
    long getRegisteredBytesBound();

    /** Buffers that were not lent because the bound was reached: the program got ordinary memory (M12). */
    long getRegistrationRefusals();

    /** Received payloads that were copied because the program had enough on loan (M12). */
    long getLoanRefusals();

    /** Loans that the program has lost, and that were ended for it. */
    long getLoansForgotten();

    /** Buffers written that lay in memory on loan (M12); looked for only while there is any. */
    long getRegistrationCacheHits();

    /** Direct buffers written that did not. */
    long getRegistrationCacheMisses();

    /** Device queues on the unique-lists of all selectors now (M1). */
    int getUniqueListEntries();

    /** Polls of device queues that are on a unique-list (M1). */
    long getUniqueListPolls();

    /** Those that found something. */
    long getUniqueListPollHits();

    /** Those that found nothing. */
    long getUniqueListPollMisses();

    /** Entries that came, went or changed their socket (M2). */
    long getUniqueListUpdates();

    /** Packets that a busy-poll found. */
    long getPacketsByBusyPoll();

    /** Packets that were the next data of a flow just heard, and recognised without a look-up (header prediction). */
    long getPacketsPredicted();

    /** Packets that the interrupt processor delivered (M2). */
    long getPacketsByInterrupt();

    /** Segments whose payload became readable (M8). */
    long getCompletions();

    /** Events posted for them (M8). */
    long getEvents();

    /** System calls made to wake a selector of this process. */
    long getWakeUps();

    /** Requests that threads left for the owner of a stack (M6). */
    long getRequests();

    /** Batches in which those were taken from the stack's ring (M6). */
    long getRequestBatches();

    /** Times that the requests of a connection in a batch were performed, one or several back to back (M6). */
    long getContextLoads();

    /** Requests of a connection that were performed right behind another one of it (M6). */
    long getContextHits();

    /** Turns of flows that had more to send, or much in the ring to the peer, where flows met at a ring (M5). */
    long getBulkFlowTurns();

    /** Bytes sent in those, with 256 for each slot. */
    long getBulkFlowBytes();

    /** Turns of other flows, where flows met at a ring (M5). */
    long getSmallFlowTurns();

    /** Bytes sent in those, with 256 for each slot. */
    long getSmallFlowBytes();

    /** Turns that ended because the flow's deficit was used up (M5). */
    long getFlowDeferrals();

    /** Times that a flow with much in the ring left the rest of it to others (M5). */
    long getFlowsHeldBack();

    /** Connections that moved from one stack to another (M9). */
    long getConnectionsMoved();

    /** Segments handed on to a connection that had moved (M9). */
    long getSegmentsForwarded();

    /** Frames from other processes that were refused because what they say can't be. */
    long getMalformed();

    /** The last thing that went wrong without a caller to tell, or an empty text. */
    String getLastTrouble();

    /** All listeners and connections, a line each, with path and reason; then the directories that are left out. */
    String getListing();
}
