package io.ringway.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Resolution;
import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.FabricSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several processes on one shared-memory NIC. Three of them talk with each other all the time, in one event loop each
 * and in threads that block, and check every byte; others come, go, break rules and die meanwhile. What they do harms
 * their own connections only.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralGuestsTest {
    private static final int CONVERSATIONS = 4;
    /** Milliseconds. */
    private static final long STOP = 1_500;

    @TempDir
    static Path temporary;

    private static Path directory;
    private static final List<GuestJvm> GOOD = new ArrayList<>();
    private static final List<Integer> PORTS = new ArrayList<>();

    private final long seed = System.nanoTime();

    /** The process that made the directory, and met all others first, is gone before anything else begins. */
    @BeforeAll
    static void gather() throws Exception {
        directory = temporary.resolve("fabric");
        try (GuestJvm creator = start()) {
            int port = port(creator);
            for (int i = 0; i < 3; i++) {
                GOOD.add(start("-Dringway.memory=96m"));
            }
            for (GuestJvm guest : GOOD) {
                PORTS.add(port(guest));
                assertEquals("progress", guest.ask("talk " + port + " 7"));
                assertEquals("excused", guest.ask("excuse " + port));
            }
            introduce(0, 1);
            introduce(1, 2);
            introduce(2, 0);
            creator.leave();
        }
    }

    private static void introduce(int one, int other) throws Exception {
        assertEquals("progress", GOOD.get(one).ask("talk " + PORTS.get(other) + " " + 100 * one));
        assertEquals("progress", GOOD.get(other).ask("talk " + PORTS.get(one) + " " + (100 * one + 10)));
    }

    @AfterAll
    static void part() throws Exception {
        for (GuestJvm guest : GOOD) {
            guest.close();
        }
    }

    private static GuestJvm start(String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of(flags));
        // A connection by the kernel would be an error.
        all.add("-Dringway.strict=true");
        return GuestJvm.start(directory, all, GoodGuest.class);
    }

    private static int port(GuestJvm guest) throws Exception {
        return Integer.parseInt(guest.ask("port"));
    }

    /** Everybody still talks with everybody, and has only them to talk with. */
    @AfterEach
    void allIsWell() throws Exception {
        for (GuestJvm guest : GOOD) {
            guest.await("accepted", Integer.toString(CONVERSATIONS)::equals);
        }
        assertProgress(30);
        for (GuestJvm guest : GOOD) {
            assertEquals("0", guest.ask("kernel"));
        }
    }

    private void assertProgress(int rounds) throws Exception {
        for (GuestJvm guest : GOOD) {
            guest.tell("progress " + rounds);
        }
        for (GuestJvm guest : GOOD) {
            assertEquals("progress", guest.hear(), "seed " + seed);
        }
    }

    private GuestJvm startBad(BadGuest.Manner manner) throws Exception {
        GuestJvm bad = GuestJvm.start(
                directory, List.of(), BadGuest.class, manner, seed, PORTS.get(0), PORTS.get(1), PORTS.get(2));
        assertEquals("connected", bad.hear());
        return bad;
    }

    private static long malformed() throws Exception {
        long sum = 0;
        for (GuestJvm guest : GOOD) {
            sum += Long.parseLong(guest.ask("malformed"));
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void oneGuestBreaksTheRules(BadGuest.Manner manner) throws Exception {
        long before = malformed();
        try (GuestJvm bad = startBad(manner)) {
            bad.tell("go");
            assertProgress(30);
            String done = bad.hear();
            assertTrue(done.startsWith("done "), done);
            assertNotEquals("done 0", done, "seed " + seed);
            assertProgress(30);
        }
        if (manner != BadGuest.Manner.HOARD) {
            assertTrue(malformed() > before, "nothing was counted, seed " + seed);
        }
    }

    /** It can't take part, and nobody notices. */
    @Test
    void aGuestOfAnotherVersion() throws Exception {
        FabricSettings newer = FabricSettings.defaults()
                .withDirectory(directory)
                .withMemoryBytes(16 << 20)
                .withAnswerMillis(5000)
                .withVersions(7, 8);
        try (FabricPort port = FabricPort.open(newer)) {
            for (int victim : PORTS) {
                assertEquals(
                        new Resolution.Refused(Resolution.Reason.PEER_VERSION),
                        port.resolve(IpEndpoint.v4(0x7f00_0001, victim), null));
            }
            assertProgress(30);
        }
    }

    /** They come and go under traffic: by the end of the process, or killed, and with little memory of their own. */
    @Test
    void guestsJoinAndLeave() throws Exception {
        try (GuestJvm one = start("-Dringway.memory=16m");
                GuestJvm other = start()) {
            int onePort = port(one);
            int otherPort = port(other);
            for (int i = 0; i < GOOD.size(); i++) {
                assertEquals("progress", one.ask("talk " + PORTS.get(i) + " " + i));
                assertEquals("progress", GOOD.get(i).ask("talk " + otherPort + " " + 10 * i));
                assertEquals("progress", GOOD.get(i).ask("talk " + onePort + " " + 20 * i));
            }
            assertEquals("progress", one.ask("talk " + otherPort + " 5"));
            assertProgress(20);
            assertEquals("progress", one.ask("progress 20"));
            for (GuestJvm guest : GOOD) {
                guest.ask("excuse " + onePort);
                guest.ask("excuse " + otherPort);
            }
            one.ask("excuse " + otherPort);
            other.kill();
            assertProgress(20);
            assertEquals("progress", one.ask("progress 20"));
            one.leave();
        }
    }

    /** For longer than the time-outs of the fabric: nobody waits for it, and it goes on where it was. */
    @Test
    void oneIsStoppedForAWhile() throws Exception {
        int stopped = PORTS.get(0);
        GOOD.get(0).suspend();
        try {
            GOOD.get(1).tell("progress 100 " + stopped);
            GOOD.get(2).tell("progress 100 " + stopped);
            Thread.sleep(STOP);
            assertEquals("progress", GOOD.get(1).hear());
            assertEquals("progress", GOOD.get(2).hear());
        } finally {
            GOOD.get(0).resume();
        }
        assertProgress(30);
    }

    /** What it has written arrives, then the end of the stream; the next one has no trouble. */
    @Test
    void guestsKilledInTheMiddleOfAWrite() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (GuestJvm doomed = start()) {
                for (int port : PORTS) {
                    assertEquals("streaming", doomed.ask("stream " + port));
                }
                for (GuestJvm guest : GOOD) {
                    guest.await("sunk", sunk -> Long.parseLong(sunk) > 20_000_000);
                }
                doomed.kill();
            }
            for (GuestJvm guest : GOOD) {
                guest.await("ended", ended -> ended.matches("[0-9]+:end"));
                assertEquals("1", guest.ask("forget"));
            }
        }
    }

    @Test
    void aGuestKilledInTheMiddleOfConnects() throws Exception {
        try (GuestJvm doomed = start()) {
            for (int port : PORTS) {
                assertEquals("connecting", doomed.ask("connect " + port));
            }
            doomed.await("connects", connects -> Long.parseLong(connects) > 300);
            assertProgress(10);
            doomed.kill();
        }
        try (GuestJvm next = start()) {
            for (int port : PORTS) {
                assertEquals("progress", next.ask("talk " + port + " 3"));
            }
        }
    }

    /** Its clients are refused or reset, and go on with everybody else. */
    @Test
    void aGuestKilledInTheMiddleOfAccepts() throws Exception {
        try (GuestJvm doomed = start()) {
            int port = port(doomed);
            for (GuestJvm guest : GOOD) {
                assertEquals("connecting", guest.ask("connect " + port));
            }
            for (GuestJvm guest : GOOD) {
                guest.await("connects", connects -> Long.parseLong(connects) > 100);
            }
            doomed.kill();
            for (GuestJvm guest : GOOD) {
                guest.await("refused", "1"::equals);
                guest.ask("forget");
            }
        }
    }

    @Test
    void guestsThatWriteAndExit() throws Exception {
        int total = 3_000_000;
        String ports = PORTS.get(0) + " " + PORTS.get(1) + " " + PORTS.get(2);
        try (GuestJvm one = start();
                GuestJvm other = start()) {
            one.tell("exit " + total + " " + ports);
            other.tell("exit " + total + " " + ports);
            assertEquals(0, one.awaitExit());
            assertEquals(0, other.awaitExit());
        }
        for (GuestJvm guest : GOOD) {
            guest.await("ended", (total + ":end " + total + ":end")::equals);
            assertEquals("2", guest.ask("forget"));
        }
    }
}
