/** Blocking channels in virtual threads. */
@NullMarked
package io.ringway.compat.threads;

import org.jspecify.annotations.NullMarked;
