/** Random operations, run on the provider under test and on the JDK's, with the same outcome. */
@NullMarked
package io.ringway.compat.differential;

import org.jspecify.annotations.NullMarked;
