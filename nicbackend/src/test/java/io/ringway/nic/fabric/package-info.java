@NullMarked
package io.ringway.nic.fabric;

import org.jspecify.annotations.NullMarked;
