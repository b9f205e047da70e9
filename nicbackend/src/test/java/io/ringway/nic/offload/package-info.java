/** Tests of what the pipelines do to packets. */
package io.ringway.nic.offload;
