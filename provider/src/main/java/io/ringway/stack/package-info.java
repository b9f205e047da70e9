/**
 * The TCP/IP stack of one device queue: everything in a {@link io.ringway.stack.NetworkStack} belongs to the thread that
 * holds its ownership. No channel, thread or clock is known here; time and randomness are arguments.
 */
@NullMarked
package io.ringway.stack;

import org.jspecify.annotations.NullMarked;
