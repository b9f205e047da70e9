package io.ringway.nio;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * The calls of a channel that may block. {@link AbstractInterruptibleChannel} keeps its {@code begin} and {@code end} to
 * its subclasses, which pass them on here.
 */
interface InterruptibleCalls {
    /** {@code begin}: marks the begin of a call that may block. */
    void beginBlocking();

    /** {@code end}, to be called by {@link #endBlocking} only. */
    void endBegun(boolean completed) throws AsynchronousCloseException;

    /** Marks the end of a call that may have blocked. */
    default void endBlocking(boolean completed) throws AsynchronousCloseException {
        if (Thread.currentThread().isInterrupted()) {
            // Who interrupts sets the status first, and closes the channel later: perhaps too late for end.
            beginBlocking();
        }
        endBegun(completed);
    }
}
