/**
 * Wire formats as static accessors over (segment, offset). A packet is validated once; after that no accessor fails.
 * Nothing here knows a channel, a thread or a clock.
 */
@NullMarked
package io.ringway.wire;

import org.jspecify.annotations.NullMarked;
