/** What the JDK's own tools show of channels. */
@NullMarked
package io.ringway.compat.observe;

import org.jspecify.annotations.NullMarked;
