/** Behaviour of Selector and SelectionKey. */
@NullMarked
package io.ringway.compat.selector;

import org.jspecify.annotations.NullMarked;
