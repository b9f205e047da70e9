package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelRoutesTest {
    private KernelRoutes routes;

    @BeforeEach
    void open() throws LinuxException {
        routes = KernelRoutes.open();
    }

    @AfterEach
    void close() {
        routes.close();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "127.1.2.3,127.0.0.1", "0.0.0.0,127.0.0.1", "::1,::1", "::,::1"})
    void loopbackIsLocal(String address, String source) throws Exception {
        KernelRoutes.Lookup found = routes.lookup(bytes(address));
        assertTrue(found.local());
        assertEquals(InetAddress.getByName(source), InetAddress.getByAddress(found.preferredSource()));
        assertEquals(NetworkInterface.getByName("lo").getIndex(), found.interfaceIndex());
    }

    @Test
    void mappedAddressesAreLookedUpAsIpv4() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 127;
        mapped[15] = 1;
        KernelRoutes.Lookup found = routes.lookup(mapped);
        assertTrue(found.local());
        assertArrayEquals(new byte[] {127, 0, 0, 1}, found.preferredSource());
    }

    @Test
    void ownAddressesAreLocal() throws Exception {
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : each.inetAddresses().toList()) {
                boolean linkLocal = address instanceof Inet6Address && address.isLinkLocalAddress();
                if (!linkLocal) {
                    assertTrue(routes.lookup(address.getAddress()).local(), address.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.77", "198.51.100.1", "2001:db8::1", "240.0.0.1", "224.0.0.1", "255.255.255.255"})
    void othersAreNot(String address) throws Exception {
        KernelRoutes.Lookup found = routes.lookup(bytes(address));
        assertFalse(found.local());
        if (found.interfaceIndex() == 0) {
            assertNull(found.preferredSource());
        }
    }

    @Test
    void addressesHaveFourOrSixteenBytes() {
        assertThrows(IllegalArgumentException.class, () -> routes.lookup(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> routes.lookup(new byte[6]));
    }

    @Test
    void closedOneRefuses() {
        routes.close();
        LinuxException refused = assertThrows(LinuxException.class, () -> routes.lookup(new byte[4]));
        assertEquals("netlink: EBADF (9)", refused.getMessage());
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() throws Exception {
        byte[] local = bytes("127.0.0.1");
        byte[] other = bytes("2001:db8::1");
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            boolean expected = t % 2 == 0;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 500; i++) {
                    try {
                        if (routes.lookup(expected ? local : other).local() != expected) {
                            wrong.incrementAndGet();
                        }
                    } catch (LinuxException e) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void answersAreReadWithinTheirBounds() throws LinuxException {
        ByteBuffer answer = answer();
        KernelRoutes.Lookup whole = KernelRoutes.parse(answer, 52, 7, 4);
        assertTrue(whole.local());
        assertArrayEquals(new byte[] {10, 0, 0, 1}, whole.preferredSource());
        assertEquals(3, whole.interfaceIndex());
        for (int length = 0; length < 52; length++) {
            assertNull(KernelRoutes.parse(answer, length, 7, 4), "cut to " + length);
        }
        assertNull(KernelRoutes.parse(answer, 52, 8, 4), "another request's");
        assertNull(KernelRoutes.parse(answer, 52, 7, 16).preferredSource(), "of another family");
    }

    @Test
    void garbageIsReadWithinItsBounds() {
        Random random = new Random(4711);
        for (int i = 0; i < 200_000; i++) {
            ByteBuffer answer = answer();
            for (int n = random.nextInt(8); n >= 0; n--) {
                answer.put(random.nextInt(52), (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(64)));
            }
            try {
                KernelRoutes.parse(answer, random.nextInt(53), 7, random.nextBoolean() ? 4 : 16);
            } catch (LinuxException e) {
                assertTrue(e.getMessage().startsWith("netlink RTM_GETROUTE"));
            }
        }
    }

    private static ByteBuffer answer() {
        ByteBuffer b = ByteBuffer.allocate(52).order(ByteOrder.nativeOrder());
        b.putInt(52).putShort((short) 24).putShort((short) 0).putInt(7).putInt(0);
        b.put((byte) 2).put((byte) 32).put((byte) 0).put((byte) 0);
        b.put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 2).putInt(0);
        b.putShort((short) 8).putShort((short) 1).putInt(0);
        b.putShort((short) 8).putShort((short) 7).put(new byte[] {10, 0, 0, 1});
        b.putShort((short) 8).putShort((short) 4).putInt(3);
        return b;
    }

    private static byte[] bytes(String address) throws UnknownHostException {
        return InetAddress.getByName(address).getAddress();
    }
}
