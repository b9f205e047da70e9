/** Behaviour of the Socket and ServerSocket adaptors of channels. */
@NullMarked
package io.ringway.compat.socket;

import org.jspecify.annotations.NullMarked;
