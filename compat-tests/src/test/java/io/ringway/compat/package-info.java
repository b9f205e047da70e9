/**
 * Behaviour of NIO and of real programs, the same tests on the JDK's provider and on Ringway's. What the JDK's provider
 * does is the expectation: every test passes on it.
 *
 * <p>Each Surefire execution runs these classes in a JVM of its own: {@code jdk}, {@code fabric}, {@code kernel}, and
 * {@code agent} for those tagged "smoke". One of them alone, with {@code ringway.jar} packaged before:
 *
 * <pre>mvn -pl compat-tests test-compile surefire:test@fabric -Dcompat.ringway=true -Dtest=ResetTest</pre>
 */
@NullMarked
package io.ringway.compat;

import org.jspecify.annotations.NullMarked;
