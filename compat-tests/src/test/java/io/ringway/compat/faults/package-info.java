/** Peers in other JVMs: exchange, death, suspension, exit. */
@NullMarked
package io.ringway.compat.faults;

import org.jspecify.annotations.NullMarked;
