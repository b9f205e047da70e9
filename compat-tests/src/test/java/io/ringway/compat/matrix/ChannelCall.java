package io.ringway.compat.matrix;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A call on a channel or on its adaptor; the name has all arguments.
 *
 * @param modal whether it may block, so that the channel's mode matters, and whether the thread is interrupted
 */
record ChannelCall<C extends SelectableChannel>(String name, boolean modal, Action<C> action) {
    /** Returns what the transcript shall show. */
    @FunctionalInterface
    interface Action<C> {
        @Nullable
        Object run(C channel, Surroundings surroundings) throws Exception;
    }
}
