/** Tests of ports around ports. */
package io.ringway.nic.wrap;
