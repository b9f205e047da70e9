/**
 * Channels, keys and selector: NIO's contract on top of the stack, with the JDK's own provider beside it for everything
 * that stays with the kernel.
 *
 * <p>Classes of this package mention the JDK's channel package and are loaded only after it was exported; {@link
 * io.ringway.nio.ChannelFactory} is the way in.
 */
@NullMarked
package io.ringway.nio;

import org.jspecify.annotations.NullMarked;
