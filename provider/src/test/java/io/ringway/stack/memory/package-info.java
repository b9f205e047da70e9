/** A port in the memory of one JVM, in virtual time, with faults from a seed, that enforces the contract of device queues. */
package io.ringway.stack.memory;
