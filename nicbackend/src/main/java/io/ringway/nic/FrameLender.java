package io.ringway.nic;

import java.lang.foreign.MemorySegment;

/**
 * Lends frames of a {@link Port} to the program, which fills them itself (M12). A filled frame is given to any device
 * queue of the port, which commits and frees it like one of its own; then, or by {@link #takeBack}, it comes home. Any
 * thread.
 */
public interface FrameLender {
    /** Where the frames are: every offset is an offset into it, as in {@link DeviceQueue#memory()}. */
    MemorySegment memory();

    /** Bytes of the largest frame. */
    int largest();

    /**
     * Lends a frame. What stands in it is left over from others.
     *
     * @param size bytes that it must hold, at most {@link #largest()}
     * @param bound how many bytes may be {@linkplain #pinned() pinned} with it
     * @return the offset of its first byte, or 0 when that would be more, or the bound on all memory is reached
     */
    long lend(int size, long bound);

    /** Takes a lent frame back that no queue was given. */
    void takeBack(long frame);

    /**
     * Keeps a lent frame from being lent again until {@link #drop}, also when a queue that it is given to afterwards has
     * freed it and its readers have released it.
     */
    void hold(long frame);

    /** Takes one {@link #hold} back. */
    void drop(long frame);

    /** Bytes of the frames that are lent, or that were given to a queue and have not come home yet. */
    long pinned();
}
