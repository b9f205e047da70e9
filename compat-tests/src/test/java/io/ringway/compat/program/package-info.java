/** Real programs, unmodified. */
@NullMarked
package io.ringway.compat.program;

import org.jspecify.annotations.NullMarked;
