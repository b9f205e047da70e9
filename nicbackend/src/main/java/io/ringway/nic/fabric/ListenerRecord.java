package io.ringway.nic.fabric;

import io.ringway.nic.IpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * What the directory says about a listener, under a name made of its address and port.
 *
 * @param nonce the listener's process
 * @param queue the device queue that takes connection requests
 * @param dualStack an IPv6 wildcard that takes IPv4 too
 * @param serial tells apart listeners that a process had at one address, one after the other
 */
record ListenerRecord(long nonce, int queue, boolean dualStack, long serial) {
    static final IpEndpoint V4_ANY = IpEndpoint.v4(0, 0);
    static final IpEndpoint V6_ANY = new IpEndpoint(0, 0, 0);

    static String name(IpEndpoint bound) {
        return "l-" + Long.toHexString(bound.high()) + "-" + Long.toHexString(bound.low()) + "-" + bound.port();
    }

    String text() {
        return FabricDirectory.hex(nonce) + " " + queue + (dualStack ? " 2 " : " 1 ") + serial;
    }

    static @Nullable ListenerRecord parse(String text) {
        String[] parts = text.split(" ");
        try {
            return parts.length == 4
                    ? new ListenerRecord(
                            Long.parseUnsignedLong(parts[0], 16),
                            Integer.parseInt(parts[1]),
                            parts[2].equals("2"),
                            Long.parseLong(parts[3]))
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
