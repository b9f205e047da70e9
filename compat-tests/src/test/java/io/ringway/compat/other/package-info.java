/** The provider itself and its channels other than TCP. */
@NullMarked
package io.ringway.compat.other;

import org.jspecify.annotations.NullMarked;
