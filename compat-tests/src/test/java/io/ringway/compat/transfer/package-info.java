/** Integrity of data, between channels, streams and files. */
@NullMarked
package io.ringway.compat.transfer;

import org.jspecify.annotations.NullMarked;
