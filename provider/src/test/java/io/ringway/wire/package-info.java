/** Tests of the wire formats. */
package io.ringway.wire;
