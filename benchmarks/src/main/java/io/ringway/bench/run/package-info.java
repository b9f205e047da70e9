/** Runs pairs of programs alternately on several providers, and says how they compare. */
@NullMarked
package io.ringway.bench.run;

import org.jspecify.annotations.NullMarked;
