/** What tests need of the fabric's inside, to break its rules. */
package io.ringway.nic.fabric;
