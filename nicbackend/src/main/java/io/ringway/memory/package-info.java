/** Memory outside of the heap, as the shared-memory NIC and the wire formats access it. */
@NullMarked
package io.ringway.memory;

import org.jspecify.annotations.NullMarked;
