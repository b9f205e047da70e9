/** What a process is given, and what is done to it: limits, containers that restart applications, stops. */
@NullMarked
package io.ringway.compat.surroundings;

import org.jspecify.annotations.NullMarked;
