/** Behaviour of NIO and of real programs, the same tests on the JDK's provider and on Ringway's. */
@NullMarked
package io.ringway.compat;

import org.jspecify.annotations.NullMarked;
