/** The shared-memory NIC: processes of one user on one host exchange frames through memory that each of them owns. */
@NullMarked
package io.ringway.nic.fabric;

import org.jspecify.annotations.NullMarked;
