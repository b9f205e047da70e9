/** Measurements: pieces with JMH, whole paths between two processes. */
@NullMarked
package io.ringway.bench;

import org.jspecify.annotations.NullMarked;
