/** TCP as in RFC 9293, whose names the fields and methods carry. */
@NullMarked
package io.ringway.stack.tcp;

import org.jspecify.annotations.NullMarked;
