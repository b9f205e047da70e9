/** Every call in every state of a channel, with the outcome that it has on the JDK's provider. */
@NullMarked
package io.ringway.compat.matrix;

import org.jspecify.annotations.NullMarked;
