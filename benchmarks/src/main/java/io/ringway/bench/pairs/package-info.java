/**
 * Pairs of ordinary programs, a server and a client in two JVMs, that exchange bytes over loopback and measure it. They
 * use public APIs of the JDK and of Netty only and know nothing of the provider they run on.
 */
@NullMarked
package io.ringway.bench.pairs;

import org.jspecify.annotations.NullMarked;
