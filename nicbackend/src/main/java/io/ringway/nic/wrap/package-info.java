/**
 * Ports around ports: they see every packet of the port inside, below the pipelines, and change nothing for those above.
 * Switched on by a property; without one no such port exists.
 */
@NullMarked
package io.ringway.nic.wrap;

import org.jspecify.annotations.NullMarked;
