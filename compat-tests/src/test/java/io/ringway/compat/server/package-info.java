/** Behaviour of ServerSocketChannel. */
@NullMarked
package io.ringway.compat.server;

import org.jspecify.annotations.NullMarked;
