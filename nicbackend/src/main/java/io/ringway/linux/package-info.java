/** The kernel and the virtual machine's own internals, reached through the Foreign Function and Memory API. */
@NullMarked
package io.ringway.linux;

import org.jspecify.annotations.NullMarked;
