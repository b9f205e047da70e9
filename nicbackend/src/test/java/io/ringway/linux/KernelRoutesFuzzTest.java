package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Netlink datagrams with anything in them, cut anywhere. */
class KernelRoutesFuzzTest {
    private static final int SEQUENCE = 7;

    @FuzzTest(maxDuration = "60s")
    void anyDatagramIsReadWithinItsBounds(byte[] input) {
        ByteBuffer datagram = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        int addressLength = input.length % 2 == 0 ? 4 : 16;
        try {
            KernelRoutes.Lookup found = KernelRoutes.parse(datagram, input.length, SEQUENCE, addressLength);
            if (found != null && found.preferredSource() != null) {
                assertTrue(found.preferredSource().length == addressLength);
            }
        } catch (LinuxException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("netlink RTM_GETROUTE"));
        }
    }
}
