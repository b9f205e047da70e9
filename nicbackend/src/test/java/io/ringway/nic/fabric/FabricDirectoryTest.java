package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.Comparator;
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

    private FabricSettings elsewhere() {
        return FabricSettings.defaults()
                .withDirectory(temporary.resolve("elsewhere"))
                .withMemoryBytes(16 << 20);
    }

    /** All numbers that a port still gets, none of which is in {@code taken}, where they are put. */
    private static void takeAll(FabricPort port, Set<Integer> taken) {
        for (int number = port.claimLocalPort(Guest.SOMEWHERE);
                number != 0;
                number = port.claimLocalPort(Guest.SOMEWHERE)) {
            assertTrue(taken.add(number), "twice: " + number);
        }
    }

    /** Nobody in any of the directories of a process gives the same numbers, as long as there are others. */
    @Test
    void numbersAreClaimedInAllDirectories() throws Exception {
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere(), "fabric-2", one);
                FabricPort other = FabricPort.open(elsewhere())) {
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 2 * PortBlocks.BLOCK; i++) {
                assertTrue(taken.add(one.claimLocalPort(Guest.SOMEWHERE)));
                assertTrue(taken.add(two.claimLocalPort(Guest.SOMEWHERE)));
            }
            assertEquals(8, count("p-"), "four blocks in two directories");
            takeAll(other, taken);
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE), "the other one has all that there are");
            assertEquals(4 + taken.size() / PortBlocks.BLOCK, count("p-"), "not everywhere, so nowhere");
            int number = one.claimLocalPort(Guest.SOMEWHERE);
            assertTrue(taken.contains(number), "here it is free, and there it isn't");
            assertEquals(5 + taken.size() / PortBlocks.BLOCK, count("p-"), "one block in its directory alone");
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE));
        }
        assertEquals(0, count("p-"));
    }

    /** Those who don't see each other may claim the same block, and meet a third one that sees both. */
    @Test
    void processesInDifferentDirectoriesBeginAtDifferentNumbers() throws Exception {
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            FabricSettings own = FabricSettings.defaults()
                    .withDirectory(temporary.resolve("own-" + i))
                    .withMemoryBytes(16 << 20);
            try (FabricPort port = FabricPort.open(own)) {
                places.add(port.claimLocalPort(Guest.SOMEWHERE) % PortBlocks.BLOCK);
            }
        }
        assertTrue(places.size() > 1, "all of them at place " + places);
    }

    /** The two directories of a process are full of different blocks, and it gets the rest of each. */
    @Test
    void aBlockThatIsClaimedInTwoDirectoriesOneByOneIsOne() throws Exception {
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere(), "fabric-2", one)) {
            Set<Integer> all = new HashSet<>();
            try (FabricPort other = FabricPort.open(elsewhere())) {
                takeAll(other, new HashSet<>());
                takeAll(one, all);
            }
            PortBlocks blocks = two.presence().portBlocks();
            long later = System.nanoTime() + PortBlocks.REST_NANOS;
            assertEquals(0, blocks.take(two.presence(), Guest.SOMEWHERE, later), "this process has used them all");
            IpEndpoint destination = Guest.SOMEWHERE.withPort(81);
            assertTrue(all.contains(blocks.take(two.presence(), destination, later)));
            one.releaseLocalPort(Guest.SOMEWHERE, 20_000);
            assertEquals(20_000, blocks.take(two.presence(), Guest.SOMEWHERE, later));
        }
        assertEquals(0, count("p-"));
    }

    @Test
    void afterASearchInVainThereIsNoneForAWhile() throws Exception {
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere(), "fabric-2", one)) {
            PortBlocks blocks = two.presence().portBlocks();
            two.presence().attended();
            long now = System.nanoTime();
            try (FabricPort other = FabricPort.open(elsewhere())) {
                takeAll(other, new HashSet<>());
                assertEquals(0, blocks.take(two.presence(), Guest.SOMEWHERE, now));
                assertTrue(blocks.take(one.presence(), Guest.SOMEWHERE, now) != 0);
                assertEquals(1, count(temporary.resolve("fabric"), "p-"));
            }
            assertEquals(1, count("p-"), "all others are free");
            assertEquals(0, blocks.take(two.presence(), Guest.SOMEWHERE, now + PortBlocks.REST_NANOS - 1));
            assertTrue(blocks.take(two.presence(), Guest.SOMEWHERE, now + PortBlocks.REST_NANOS) != 0);
            assertEquals(3, count("p-"), "a block in both");
        }
    }

    /** One directory is gone under a process: it has numbers in the other one, and leaves nothing there. */
    @Test
    void aDirectoryThatIsGoneKeepsNoNumbersFromOthers() throws Exception {
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere(), "fabric-2", one)) {
            assertTrue(two.claimLocalPort(Guest.SOMEWHERE) != 0);
            assertEquals(2, count("p-"));
            remove(temporary.resolve("elsewhere"));
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 2 * PortBlocks.BLOCK; i++) {
                assertTrue(taken.add(one.claimLocalPort(Guest.SOMEWHERE)), "none after " + i);
            }
            assertEquals(3, count("p-"));
            assertTrue(two.lastTrouble().startsWith("no port numbers are claimed in "), two.lastTrouble());
            assertEquals("", one.lastTrouble());
            for (int i = 0; i < PortBlocks.BLOCK - 1; i++) {
                int number = two.claimLocalPort(Guest.SOMEWHERE);
                assertTrue(number == 0 || taken.add(number));
            }
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE));
            assertEquals(3, count("p-"), "what was claimed for it is taken back");
        }
        assertEquals(0, count("p-"));
    }

    /** The same when blocks of the dead are looked for. */
    @Test
    void aDirectoryThatIsGoneKeepsNobodyFromSweeping() throws Exception {
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(elsewhere(), "fabric-2", one)) {
            assertTrue(two.claimLocalPort(Guest.SOMEWHERE) != 0);
            assertTrue(one.claimLocalPort(Guest.SOMEWHERE) != 0);
            FabricDirectory here = one.presence().attended();
            for (int first = 1024; first + PortBlocks.BLOCK <= 65536; first += PortBlocks.BLOCK) {
                here.create(PortBlocks.name(first), FabricDirectory.hex(first));
            }
            remove(temporary.resolve("elsewhere"));
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < 2 * PortBlocks.BLOCK; i++) {
                assertTrue(taken.add(one.claimLocalPort(Guest.SOMEWHERE)), "none after " + i);
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Where one directory can't be used, the numbers are good for the others. */
    @Test
    void numbersAreOnlyUsedWhereTheyAreClaimed() throws Exception {
        Path closed = Files.createDirectory(temporary.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (FabricPort one = open();
                FabricPort two = FabricPort.open(
                        FabricSettings.defaults().withDirectory(closed).withMemoryBytes(16 << 20), "fabric-2", one)) {
            int first = one.claimLocalPort(Guest.SOMEWHERE);
            assertTrue(first != 0);
            assertEquals(0, two.claimLocalPort(Guest.SOMEWHERE));
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
            int second = 0;
            // What failed is not tried again at once.
            while (second == 0) {
                second = two.claimLocalPort(Guest.SOMEWHERE);
            }
            assertNotEquals(first / PortBlocks.BLOCK, second / PortBlocks.BLOCK);
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
        return count(temporary, prefix);
    }

    private static long count(Path below, String prefix) throws IOException {
        try (var files = Files.walk(below)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }
}
