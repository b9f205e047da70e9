/** Tests of the NIC as a whole. */
package io.ringway.nic;
