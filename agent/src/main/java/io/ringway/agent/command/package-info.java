/** The commands of {@code java -jar ringway.jar}. */
@NullMarked
package io.ringway.agent.command;

import org.jspecify.annotations.NullMarked;
