/** What NICs compute so that stacks need not: checksums, and later segmentation, aggregation and steering. */
@NullMarked
package io.ringway.nic.offload;

import org.jspecify.annotations.NullMarked;
