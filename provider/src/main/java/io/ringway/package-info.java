/** The public API: the selector provider, its settings and its management bean. */
@NullMarked
package io.ringway;

import org.jspecify.annotations.NullMarked;
