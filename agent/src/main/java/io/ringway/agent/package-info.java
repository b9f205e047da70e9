/** Installs the provider in a JVM, at its start or attached later, and the {@code ringway} command line. */
@NullMarked
package io.ringway.agent;

import org.jspecify.annotations.NullMarked;
