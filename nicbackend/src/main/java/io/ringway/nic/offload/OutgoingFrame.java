package io.ringway.nic.offload;

/** A frame that somebody has filled and gives to a queue to send (M12). */
public interface OutgoingFrame {
    /**
     * Gives the frame away: the queue frees it once it is published, and its readers release it.
     *
     * @return the frame, or 0 when it can't be given away any more
     */
    long handOver();
}
