/** Ports, device queues and frames: what a network device looks like to the stack above it. */
@NullMarked
package io.ringway.nic;

import org.jspecify.annotations.NullMarked;
