/** The demonstration that {@code java -jar ringway.jar demo} runs. */
@NullMarked
package io.ringway.bench.demo;

import org.jspecify.annotations.NullMarked;
