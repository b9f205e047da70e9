package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.linux.Platform;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Resolution;
import io.ringway.nic.Resolution.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The directory: who may use it, what it says, and what is swept from it. */
@Timeout(60)
class FabricDirectoryTest {
    private static final IpEndpoint V4 = IpEndpoint.v4(0x7f000001, 6000);
    private static final IpEndpoint V4_ANY = IpEndpoint.v4(0, 6000);
    private static final IpEndpoint V6 = new IpEndpoint(0, 1, 6000);
    private static final IpEndpoint V6_ANY = new IpEndpoint(0, 0, 6000);

    @TempDir
    Path temporary;

    private FabricPort open() throws IOException {
        return FabricPort.open(FabricSettings.defaults()
                .withDirectory(temporary.resolve("fabric"))
                .withMemoryBytes(16 << 20)
                .withAnswerMillis(5000));
    }

    private static int target(FabricPort port, IpEndpoint destination) {
        Resolution found = port.resolve(destination, null);
        return found instanceof Resolution.Found f ? ((FabricRoute) f.route()).target() : -1;
    }

    @Test
    void itIsMadePrivate() throws Exception {
        Files.createDirectories(temporary);
        FabricDirectory.make(temporary.resolve("fabric")).close();
        assertEquals(0700, Platform.ownership(temporary.resolve("fabric")).mode());
        try (FabricDirectory found = FabricDirectory.find(temporary.resolve("fabric"))) {
            assertNotNull(found);
            assertEquals(0700, Platform.ownership(found.path()).mode());
        }
        assertNull(FabricDirectory.find(temporary.resolve("other")));
    }

    @Test
    void aDirectoryThatIsOpenToOthersIsRefused() throws Exception {
        Path open = Files.createDirectory(temporary.resolve("fabric"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        String reason = assertThrows(IOException.class, () -> FabricDirectory.make(open))
                .getMessage();
        assertTrue(reason.contains("mode 0755"), reason);
        try (FabricPort port = open()) {
            assertEquals(new Resolution.Refused(Reason.DEVICE_ERROR), port.resolve(V4, null));
            assertThrows(IOException.class, () -> port.publish(V4, false, port.openQueue()));
            assertEquals(0, port.claimLocalPort(Guest.SOMEWHERE));
            assertTrue(port.lastTrouble().contains("mode 0755"), port.lastTrouble());
        }
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefused() throws Exception {
        Path foreign = Files.createDirectory(temporary.resolve("fabric"));
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwx------"));
        Assumptions.assumeTrue(Platform.userId() == 0, "only root can give files away");
        Files.setAttribute(foreign, "unix:uid", 12345);
        String reason = assertThrows(IOException.class, () -> FabricDirectory.make(foreign))
                .getMessage();
        assertTrue(reason.contains("belongs to user 12345"), reason);
    }

    @Test
    void aLinkToADirectoryIsRefused() throws Exception {
        Path real = Files.createDirectory(temporary.resolve("real"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        Path link = Files.createSymbolicLink(temporary.resolve("fabric"), real);
        assertThrows(IOException.class, () -> FabricDirectory.make(link));
        assertThrows(IOException.class, () -> FabricDirectory.find(link));
    }

    @Test
    void listenersAreFoundByTheRulesOfBind() throws Exception {
        try (FabricPort port = open()) {
            FabricQueue specific = port.openQueue();
            FabricQueue any = port.openQueue();
            FabricQueue dual = port.openQueue();
            AutoCloseable dualRecord = port.publish(V6_ANY, true, dual);
            assertEquals(dual.id(), target(port, V4));
            assertEquals(dual.id(), target(port, V6));
            AutoCloseable anyRecord = port.publish(V4_ANY, false, any);
            assertEquals(any.id(), target(port, V4));
            assertEquals(dual.id(), target(port, V6));
            AutoCloseable record = port.publish(V4, false, specific);
            assertEquals(specific.id(), target(port, V4));
            assertEquals(any.id(), target(port, IpEndpoint.v4(0x7f000002, 6000)));
            assertEquals(-1, target(port, V4.withPort(6001)));
            record.close();
            assertEquals(any.id(), target(port, V4));
            anyRecord.close();
            assertEquals(dual.id(), target(port, V4));
            dualRecord.close();
            assertEquals(-1, target(port, V4));
            port.publish(V6_ANY, false, dual);
            assertEquals(-1, target(port, V4));
            assertEquals(dual.id(), target(port, V6));
        }
    }

    @Test
    void closingAnOlderListenerLeavesItsSuccessor() throws Exception {
        try (FabricPort port = open()) {
            FabricQueue first = port.openQueue();
            FabricQueue second = port.openQueue();
            AutoCloseable older = port.publish(V4, false, first);
            AutoCloseable newer = port.publish(V4, false, second);
            older.close();
            assertEquals(second.id(), target(port, V4));
            newer.close();
            newer.close();
            assertEquals(-1, target(port, V4));
        }
    }

    @Test
    void aListenerOfAClosedQueueIsNotFound() throws Exception {
        try (FabricPort port = open()) {
            FabricQueue queue = port.openQueue();
            port.publish(V4, false, queue);
            queue.close();
            assertEquals(-1, target(port, V4));
        }
    }

    @Test
    void elsewhereIsNoRoute() throws Exception {
        try (FabricPort port = open()) {
            Resolution found = port.resolve(IpEndpoint.v4(0xc0000201, 6000), null);
            assertEquals(new Resolution.Refused(Reason.NO_ROUTE), found);
        }
    }

    @Test
    void theSourceIsTheKernelsUnlessBound() throws Exception {
        try (FabricPort port = open()) {
            port.publish(V4, false, port.openQueue());
            Resolution.Found found = assertInstanceOf(Resolution.Found.class, port.resolve(V4, null));
            assertEquals(V4.withPort(0), found.route().source());
            IpEndpoint bound = IpEndpoint.v4(0x7f000009, 1234);
            found = assertInstanceOf(Resolution.Found.class, port.resolve(V4, bound));
            assertEquals(bound.withPort(0), found.route().source());
        }
    }

    @Test
    void recordsAndPortsOfTheDeadAreSwept() throws Exception {
        Path directory = temporary.resolve("fabric");
        String[] theirs;
        try (GuestProcess guest = new GuestProcess(directory, "doomed")) {
            assertEquals("published", guest.ask("publish 6000"));
            theirs = guest.ask("ports").split(" ");
            guest.kill();
            guest.close();
        }
        assertEquals(1, count("g-"));
        assertEquals(1, count("l-"));
        assertEquals(1, count("p-"));
        try (FabricPort port = open()) {
            assertEquals(-1, target(port, V4));
            assertEquals(0, count("l-"));
            Set<Integer> taken = new HashSet<>();
            for (int number = port.claimLocalPort(Guest.SOMEWHERE);
                    number != 0;
                    number = port.claimLocalPort(Guest.SOMEWHERE)) {
                assertTrue(taken.add(number), "twice: " + number);
            }
            assertTrue(taken.contains(Integer.parseInt(theirs[0])));
            Platform.PortRange kernel = Platform.ephemeralPortRange();
            assertTrue(taken.stream().noneMatch(n -> n >= kernel.first() && n <= kernel.last()));
            port.releaseLocalPort(Guest.SOMEWHERE, 20000);
            assertEquals(20000, port.claimLocalPort(Guest.SOMEWHERE));
            assertEquals(1, count("g-"));
        }
        assertEquals(0, count("g-") + count("l-") + count("p-"));
    }

    @Test
    void aPortServesOneConnectionToEachDestination() throws Exception {
        IpEndpoint elsewhere = Guest.SOMEWHERE.withPort(81);
        try (FabricPort port = open()) {
            Set<Integer> first = new HashSet<>();
            Set<Integer> second = new HashSet<>();
            for (int i = 0; i < PortBlocks.BLOCK; i++) {
                assertTrue(first.add(port.claimLocalPort(Guest.SOMEWHERE)));
                assertTrue(second.add(port.claimLocalPort(elsewhere)));
            }
            assertEquals(1, count("p-"));
            assertEquals(first, second);
            int freed = first.iterator().next();
            port.releaseLocalPort(elsewhere, freed);
            assertEquals(freed, port.claimLocalPort(elsewhere));
            assertFalse(first.contains(port.claimLocalPort(Guest.SOMEWHERE)));
            assertEquals(2, count("p-"));
        }
    }

    /** Nobody in any of the directories of a process gives the same numbers. */
    @Test
    void numbersAreClaimedInAllDirectories() throws Exception {
        FabricSettings elsewhere = FabricSettings.defaults()
                .withPortName("fabric-2")
                .withDirectory(temporary.resolve("elsewhere"))
                .withMemoryBytes(16 << 20);
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere, one);
                FabricPort other = FabricPort.open(elsewhere)) {
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 2 * PortBlocks.BLOCK; i++) {
                assertTrue(taken.add(one.claimLocalPort(Guest.SOMEWHERE)));
                assertTrue(taken.add(two.claimLocalPort(Guest.SOMEWHERE)));
            }
            assertEquals(8, count("p-"), "four blocks in two directories");
            for (int number = other.claimLocalPort(Guest.SOMEWHERE);
                    number != 0;
                    number = other.claimLocalPort(Guest.SOMEWHERE)) {
                assertTrue(taken.add(number), "twice: " + number);
            }
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE), "the other one has all that there are");
            assertEquals(4 + taken.size() / PortBlocks.BLOCK, count("p-"), "not everywhere, so nowhere");
        }
        assertEquals(0, count("p-"));
    }

    /** Where one directory can't be used, the numbers are good for the others. */
    @Test
    void numbersAreOnlyUsedWhereTheyAreClaimed() throws Exception {
        Path closed = Files.createDirectory(temporary.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(
                        FabricSettings.defaults()
                                .withPortName("fabric-2")
                                .withDirectory(closed)
                                .withMemoryBytes(16 << 20),
                        one)) {
            int first = one.claimLocalPort(Guest.SOMEWHERE);
            assertTrue(first != 0);
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE));
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
            Thread.sleep(1_100);
            int second = two.claimLocalPort(Guest.SOMEWHERE);
            assertTrue(second != 0 && second / PortBlocks.BLOCK != first / PortBlocks.BLOCK);
            assertEquals(3, count("p-"), "one block where the other directory could not be used, one in both");
            for (int i = 1; i < PortBlocks.BLOCK; i++) {
                assertEquals(second / PortBlocks.BLOCK, two.claimLocalPort(Guest.SOMEWHERE) / PortBlocks.BLOCK);
            }
            assertEquals(3, count("p-"));
        }
        assertEquals(0, count("p-"));
    }

    @Test
    void aPortIsNotReusedAtOnce() throws Exception {
        try (FabricPort port = open()) {
            int first = port.claimLocalPort(Guest.SOMEWHERE);
            port.releaseLocalPort(Guest.SOMEWHERE, first);
            assertFalse(first == port.claimLocalPort(Guest.SOMEWHERE));
        }
    }

    private long count(String prefix) throws IOException {
        try (var files = Files.walk(temporary)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }
}
