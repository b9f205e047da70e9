/** What the tests share: the provider under test, time limits, connected pairs, child JVMs. */
@NullMarked
package io.ringway.compat.support;

import org.jspecify.annotations.NullMarked;
