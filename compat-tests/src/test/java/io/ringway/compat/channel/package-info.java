/** Behaviour of SocketChannel. */
@NullMarked
package io.ringway.compat.channel;

import org.jspecify.annotations.NullMarked;
