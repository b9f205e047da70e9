package io.ringway.nic.fabric;

/**
 * What one device queue counted. Written by the queue's thread only; any thread may read, and then sees values that may
 * be a moment old.
 */
public final class FabricCounters {
    long framesIn;
    long bytesIn;
    long framesOut;
    long bytesOut;
    long inlineOut;
    long ringFull;
    long framesExhausted;
    long framesReserved;
    long bellsRung;
    long bellsHeard;
    long ringsOpened;
    long ringsSlept;
    long peersJoined;
    long peersGone;
    long releasesHeld;
    long badFrees;
    long garbageSlots;
    long garbageStamps;
    long garbageCursors;
    long garbageReleases;
    long garbageRings;

    FabricCounters() {}

    /** Frames received. */
    public long framesIn() {
        return framesIn;
    }

    /** Bytes of headers and payload received. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Frames sent. */
    public long framesOut() {
        return framesOut;
    }

    /** Bytes of headers and payload sent. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Of the frames sent, those that travelled in their descriptor slot. */
    public long inlineOut() {
        return inlineOut;
    }

    /** Claims refused because the ring was full. */
    public long ringFull() {
        return ringFull;
    }

    /** Allocations refused because the memory bound was reached. */
    public long framesExhausted() {
        return framesExhausted;
    }

    /** Frames kept for connections and peers that hold less. */
    public long framesReserved() {
        return framesReserved;
    }

    /** System calls made to wake another queue. */
    public long bellsRung() {
        return bellsRung;
    }

    /** Times that this queue's own doorbell was found rung. */
    public long bellsHeard() {
        return bellsHeard;
    }

    /** Transmit rings made. */
    public long ringsOpened() {
        return ringsOpened;
    }

    /** Times that a receive ring was taken off the polling list because its peer was silent. */
    public long ringsSlept() {
        return ringsSlept;
    }

    /** Peers that this queue learned of. */
    public long peersJoined() {
        return peersJoined;
    }

    /** Peers that left or died. */
    public long peersGone() {
        return peersGone;
    }

    /** Releases that waited on the heap because the sender had not looked at earlier ones. */
    public long releasesHeld() {
        return releasesHeld;
    }

    /** Frames freed twice, or freed without having been allocated: a mistake of the caller, ignored. */
    public long badFrees() {
        return badFrees;
    }

    /** Slots dropped because their descriptor was impossible. */
    public long garbageSlots() {
        return garbageSlots;
    }

    /** Rings given up because of an impossible stamp. */
    public long garbageStamps() {
        return garbageStamps;
    }

    /** Impossible positions in a peer's consumer blocks. */
    public long garbageCursors() {
        return garbageCursors;
    }

    /** Releases of frames that the peer did not hold. */
    public long garbageReleases() {
        return garbageReleases;
    }

    /** Impossible entries in a peer's ring directory. */
    public long garbageRings() {
        return garbageRings;
    }

    /** All garbage together. */
    public long garbage() {
        return garbageSlots + garbageStamps + garbageCursors + garbageReleases + garbageRings;
    }
}
