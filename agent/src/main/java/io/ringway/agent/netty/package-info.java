/** Has the outbound buffers of Netty 4.2 sent by reference (M12). */
@NullMarked
package io.ringway.agent.netty;

import org.jspecify.annotations.NullMarked;
