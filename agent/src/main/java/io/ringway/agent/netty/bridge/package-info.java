/** Classes that know Netty's: they are loaded once for each Netty of the program, by {@code BridgeLoader} only. */
@NullMarked
package io.ringway.agent.netty.bridge;

import org.jspecify.annotations.NullMarked;
