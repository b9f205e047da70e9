package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that shares a directory with each of two others, which don't see each other: JVMs of their own, with one
 * event loop and threads that block in each of them.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralFabricsTest {
    private static final int STREAM = 12 << 20;

    @TempDir
    Path temporary;

    private final List<GuestJvm> all = new ArrayList<>();
    private GuestJvm hub;
    private GuestJvm first;
    private GuestJvm second;

    @AfterEach
    void end() throws Exception {
        for (GuestJvm guest : all) {
            guest.close();
        }
    }

    /** In those directories; a connection that it opens over the kernel is an error. */
    private GuestJvm start(String directories, String... flags) throws Exception {
        List<String> more = new ArrayList<>(List.of("-Dringway.memory=128m", "-Dringway.strict=true"));
        more.add("-Dringway.fabric.directory="
                + Arrays.stream(directories.split(","))
                        .map(each -> temporary.resolve(each).toString())
                        .collect(Collectors.joining(",")));
        more.addAll(List.of(flags));
        GuestJvm guest = GuestJvm.start(temporary, more, GoodGuest.class);
        all.add(guest);
        return guest;
    }

    /** A hub, and one that talks with it in each of its directories. */
    private void startThree(String... flags) throws Exception {
        hub = start("a,b", flags);
        first = start("a", flags);
        second = start("b", flags);
        talk(first, hub, 1);
        talk(second, hub, 2);
    }

    private static int port(GuestJvm guest) throws Exception {
        return Integer.parseInt(guest.ask("port"));
    }

    private static void talk(GuestJvm from, GuestJvm to, int seed) throws Exception {
        assertEquals("progress", from.ask("talk " + port(to) + " " + seed));
    }

    private static void assertProgress(GuestJvm... guests) throws Exception {
        for (GuestJvm guest : guests) {
            guest.tell("progress 50");
        }
        for (GuestJvm guest : guests) {
            assertEquals("progress", guest.hear());
        }
    }

    /** Also with what stands around and behind each of the ports. */
    @ParameterizedTest
    @CsvSource({
        "-Dringway.spin=20, -Dringway.quiet=true",
        "-Dringway.spin=0, -Dringway.fabric.mtu=1500",
        "-Dringway.faults=loss=0.01;seed=3, -Dringway.fabric.mtu=9000",
    })
    void oneProcessTalksWithOthersThatDoNotSeeEachOther(String flag, String other) throws Exception {
        startThree(flag, other, "-Dringway.capture=" + temporary.resolve("%p.pcapng"));
        talk(hub, first, 3);
        talk(hub, second, 4);
        assertProgress(hub, first, second);
        hub.await("accepted", "4"::equals);
        for (GuestJvm guest : all) {
            assertEquals("0", guest.ask("kernel"));
        }
        String listing = hub.ask("listing");
        assertEquals(5, listing.split("connect fabric ", -1).length, listing);
        assertEquals(5, listing.split("connect fabric-2 ", -1).length, listing);
        assertEquals("[fabric, fabric-2]", hub.ask("ports"));

        GuestJvm outside = start("c", "-Dringway.strict=false");
        talk(outside, hub, 5);
        assertProgress(hub, first, second, outside);
        assertEquals("2", outside.ask("kernel"));
        assertEquals("2", hub.ask("kernel"));
    }

    @Test
    void streamsArriveWholeBothWays() throws Exception {
        startThree();
        GuestJvm sourceA = start("a");
        GuestJvm sourceB = start("b");
        sourceA.tell("exit " + STREAM + " " + port(hub));
        sourceB.tell("exit " + STREAM + " " + port(hub));
        assertEquals("written", sourceA.hear());
        assertEquals("written", sourceB.hear());
        assertEquals(0, sourceA.awaitExit());
        assertEquals(0, sourceB.awaitExit());
        hub.await("ended", (STREAM + ":end " + STREAM + ":end")::equals);
        assertProgress(first, second);
        assertEquals("written", hub.ask("exit " + STREAM + " " + port(first) + " " + port(second)));
        assertEquals(0, hub.awaitExit());
        first.await("ended", (STREAM + ":end")::equals);
        second.await("ended", (STREAM + ":end")::equals);
    }

    /** What happens on one fabric doesn't concern the other. */
    @Test
    void theDeathOfAPeerOnOneFabricLeavesTheOther() throws Exception {
        startThree();
        hub.await("accepted", "4"::equals);
        first.kill();
        hub.await("accepted", "2"::equals);
        assertProgress(second);
        GuestJvm third = start("a");
        talk(third, hub, 3);
        assertProgress(second, third);
        hub.suspend();
        Thread.sleep(300);
        hub.resume();
        assertProgress(second, third);
        assertTrue(hub.isAlive());
    }
}
