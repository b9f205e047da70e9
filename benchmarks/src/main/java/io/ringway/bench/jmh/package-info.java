/** JMH benchmarks of Ringway's pieces: {@code java -jar benchmarks.jar}. */
@NullMarked
package io.ringway.bench.jmh;

import org.jspecify.annotations.NullMarked;
