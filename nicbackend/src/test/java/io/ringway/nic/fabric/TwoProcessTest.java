package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import io.ringway.nic.Resolution.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between processes: this one, and others that it starts. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoProcessTest {
    private static final int LISTENER = 5001;

    @TempDir
    Path temporary;

    private Path directory;
    private FabricPort port;
    private FabricQueue queue;

    @BeforeEach
    void open() throws Exception {
        directory = temporary.resolve("fabric");
        port = FabricPort.open(settings());
        queue = port.openQueue();
    }

    private FabricSettings settings() {
        return FabricSettings.defaults()
                .withDirectory(directory)
                .withMemoryBytes(64 << 20)
                .withAnswerMillis(5000);
    }

    @AfterEach
    void close() {
        port.close();
    }

    private Link connect() {
        Resolution found = port.resolve(Guest.loopback(LISTENER), null);
        return port.link(queue, assertInstanceOf(Resolution.Found.class, found).route());
    }

    private Reason refusal() {
        return assertInstanceOf(Resolution.Refused.class, port.resolve(Guest.loopback(LISTENER), null))
                .reason();
    }

    @Test
    void whoMeetsAnotherProcessIsTold_onceForEach() throws Exception {
        AtomicInteger meetings = new AtomicInteger();
        port.setMeetingObserver(meetings::incrementAndGet);
        try (GuestProcess guest = new GuestProcess(directory, "echo")) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            assertEquals(0, meetings.get());
            assertTrue(connect().peer().alive());
            while (meetings.get() == 0) {
                Thread.onSpinWait();
            }
            assertTrue(connect().peer().alive());
            assertEquals(1, meetings.get());
        }
    }

    @Test
    void framesOfAllSizesGoThereAndBack() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "echo")) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            Link link = connect();
            assertTrue(link.peer().name().startsWith("echo"));
            Recorder recorder = new Recorder(queue);
            int count = 3000;
            for (int i = 0; i < count; i++) {
                if (i % 3 == 0) {
                    Frames.sendFramed(queue, link, i, (i * 37) % 65537);
                } else {
                    Frames.sendInline(queue, link, i, i % 190);
                }
                while (recorder.count() < i - 20) {
                    queue.receive(recorder, 64);
                }
            }
            while (recorder.count() < count) {
                queue.receive(recorder, 64);
            }
            recorder.assertNumbers(0, count);
            assertEquals(0, queue.counters().garbage());
        }
    }

    @Test
    void sleepersWakeEachOther() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "sleeper")) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            assertEquals("sleepy", guest.ask("sleepy"));
            Link link = connect();
            Recorder recorder = new Recorder(queue);
            for (int i = 0; i < 500; i++) {
                Frames.sendInline(queue, link, i, i % 190);
                while (recorder.count() <= i) {
                    Guest.sleep(queue, recorder);
                }
            }
            recorder.assertNumbers(0, 500);
            guest.kill();
            while (recorder.gone().isEmpty()) {
                Guest.sleep(queue, recorder);
            }
            assertTrue(queue.counters().bellsRung() > 0);
        }
    }

    @Test
    void nobodyListensWhereNobodyPublished() throws Exception {
        assertEquals(Reason.PEER_NOT_ON_FABRIC, refusal());
        try (GuestProcess guest = new GuestProcess(directory, "other")) {
            assertEquals("published", guest.ask("publish " + (LISTENER + 1)));
            assertEquals(Reason.PEER_NOT_ON_FABRIC, refusal());
        }
    }

    @Test
    void threeGuestsTalkInPairs() throws Exception {
        try (GuestProcess a = new GuestProcess(directory, "a");
                GuestProcess b = new GuestProcess(directory, "b")) {
            port.publish(Guest.loopback(LISTENER), false, queue);
            assertEquals("published", a.ask("publish " + (LISTENER + 1)));
            assertEquals("talked", b.ask("talk " + (LISTENER + 1) + " 500"));
            a.tell("send " + LISTENER + " 200");
            b.tell("send " + LISTENER + " 200");
            Recorder recorder = new Recorder(queue);
            while (recorder.count() < 400) {
                queue.receive(recorder, 16);
            }
            assertEquals("sent", a.hear());
            assertEquals("sent", b.hear());
            b.kill();
            assertEquals("talked", awaitGoneAndTalk(a));
        }
    }

    private String awaitGoneAndTalk(GuestProcess a) throws Exception {
        Recorder recorder = new Recorder(queue);
        while (recorder.gone().isEmpty()) {
            queue.receive(recorder, 16);
        }
        Resolution found = port.resolve(Guest.loopback(LISTENER + 1), null);
        Link link =
                port.link(queue, assertInstanceOf(Resolution.Found.class, found).route());
        for (int i = 0; i < 100; i++) {
            Frames.sendInline(queue, link, i, 64);
        }
        while (recorder.count() < 100) {
            queue.receive(recorder, 16);
        }
        // The other guest hears of the death a moment earlier or later.
        String counts = a.ask("counts");
        for (int i = 0; i < 500 && counts.equals("600 0"); i++) {
            Thread.sleep(10);
            counts = a.ask("counts");
        }
        return counts.equals("600 1") ? "talked" : counts;
    }

    @Test
    void theDeadsLastFramesArriveBeforeTheNews() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "doomed")) {
            port.publish(Guest.loopback(LISTENER), false, queue);
            assertEquals("sent", guest.ask("send " + LISTENER + " 300"));
            guest.kill();
            Recorder recorder = new Recorder(queue).keeping();
            while (recorder.gone().isEmpty()) {
                queue.receive(recorder, 7);
            }
            recorder.assertNumbers(0, 300);
            assertEquals(1, recorder.gone().size());
            assertFalse(recorder.gone().getFirst().alive());
            recorder.kept().forEach(queue::release);
            queue.receive(recorder, 1);
            assertEquals(1, recorder.gone().size());
        }
    }

    @Test
    void theDeadsFramesArriveAtAQueueThatNeverMetItAlive() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "doomed")) {
            port.publish(Guest.loopback(LISTENER), false, queue);
            assertEquals("sent", guest.ask("send " + LISTENER + " 300"));
            assertEquals(2, port.peers().length);
            guest.kill();
            while (port.peers().length != 1) {
                Thread.sleep(1);
            }
            Recorder recorder = new Recorder(queue);
            while (recorder.gone().isEmpty()) {
                queue.receive(recorder, 7);
            }
            recorder.assertNumbers(0, 300);
            for (int i = 0; i < 10; i++) {
                queue.receive(recorder, 7);
            }
            assertEquals(1, recorder.gone().size());
        }
    }

    @Test
    void framesSentToTheDeadComeBack() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "doomed")) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            assertEquals("silent", guest.ask("silent"));
            Link link = connect();
            guest.stop();
            for (int i = 0; i < 100; i++) {
                Frames.sendFramed(queue, link, i, 60000);
            }
            assertEquals(100 << 16, link.pinned());
            guest.kill();
            Recorder recorder = new Recorder(queue);
            while (recorder.gone().isEmpty()) {
                queue.receive(recorder, 7);
            }
            assertEquals(0, link.pinned());
            assertEquals(-1, queue.claim(link, 40, 0));
            assertEquals(0, link.lag());
            queue.flush();
            assertEquals(Reason.PEER_NOT_ON_FABRIC, refusal());
            assertEquals(List.of(), leftovers("l-"));
        }
    }

    /** Between the news that a process is gone and the last of what was known of it, nobody finds it. */
    @Test
    void whoIsGoneIsMetAnew() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "twice")) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            FabricPeer first = assertInstanceOf(FabricPeer.class, connect().peer());
            first.markGone();
            Peer second = connect().peer();
            assertNotEquals(first, second);
            assertTrue(second.alive());
        }
    }

    private List<Path> leftovers(String prefix) throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    @Test
    void aStoppedProcessIsNotWaitedFor() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "sleeper");
                FabricPort hasty = FabricPort.open(settings().withAnswerMillis(20))) {
            assertEquals("published", guest.ask("publish " + LISTENER));
            guest.stop();
            Resolution first = hasty.resolve(Guest.loopback(LISTENER), null);
            assertEquals(new Resolution.Refused(Reason.PEER_NOT_RESPONDING), first);
            assertEquals(first, hasty.resolve(Guest.loopback(LISTENER), null));
            guest.resume();
            while (!(hasty.resolve(Guest.loopback(LISTENER), null) instanceof Resolution.Found)) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void twoThatCallEachOtherAtOnceMeetOnce() throws Exception {
        try (GuestProcess a = new GuestProcess(directory, "a");
                GuestProcess b = new GuestProcess(directory, "b")) {
            assertEquals("published", a.ask("publish " + LISTENER));
            assertEquals("published", b.ask("publish " + (LISTENER + 1)));
            a.tell("connect " + (LISTENER + 1));
            b.tell("connect " + LISTENER);
            assertEquals("found", a.hear());
            assertEquals("found", b.hear());
            assertEquals("talked", a.ask("talk " + (LISTENER + 1) + " 100"));
            assertEquals("talked", b.ask("talk " + LISTENER + " 100"));
        }
    }

    @Test
    void versionsOverlapOrAreRefused() throws Exception {
        try (GuestProcess older = new GuestProcess(directory, "older", 3, 4);
                FabricPort same = FabricPort.open(settings().withVersions(4, 5));
                FabricPort newer = FabricPort.open(settings().withVersions(5, 6))) {
            assertEquals("published", older.ask("publish " + LISTENER));
            assertInstanceOf(Resolution.Found.class, same.resolve(Guest.loopback(LISTENER), null));
            Resolution refused = new Resolution.Refused(Reason.PEER_VERSION);
            assertEquals(refused, newer.resolve(Guest.loopback(LISTENER), null));
            assertEquals(refused, newer.resolve(Guest.loopback(LISTENER), null));
            newer.publish(Guest.loopback(LISTENER + 1), false, newer.openQueue());
            assertEquals(refused.toString(), older.ask("connect " + (LISTENER + 1)));
        }
    }

    @Test
    void everybodyIsAskedForStatus() throws Exception {
        try (GuestProcess a = new GuestProcess(directory, "a");
                GuestProcess b = new GuestProcess(directory, "b")) {
            assertEquals("published", a.ask("publish " + LISTENER));
            assertEquals("published", b.ask("publish " + (LISTENER + 1)));
            b.stop();
            List<FabricDirectory.GuestStatus> all = FabricDirectory.queryAll(directory, 2000);
            assertEquals(2, all.size());
            assertTrue(all.contains(new FabricDirectory.GuestStatus("a", (int) a.pid(), "echoed 0")), all.toString());
            assertTrue(
                    all.contains(new FabricDirectory.GuestStatus("", (int) b.pid(), "does not answer")),
                    all.toString());
        }
    }

    @Test
    void portsOfProcessesDiffer() throws Exception {
        try (GuestProcess guest = new GuestProcess(directory, "a")) {
            String[] theirs = guest.ask("ports").split(" ");
            int first = port.claimLocalPort(Guest.SOMEWHERE);
            int second = port.claimLocalPort(Guest.SOMEWHERE);
            assertTrue(first > 0 && second > 0 && first != second);
            assertFalse(List.of(theirs).contains(Integer.toString(first)));
            assertFalse(List.of(theirs).contains(Integer.toString(second)));
            assertFalse(theirs[0].equals(theirs[1]));
        }
    }

    @Test
    void aProcessThatWritesGarbageIsGivenUpAndNobodyElse() throws Exception {
        long seed = System.nanoTime();
        try (GuestProcess hostile = new GuestProcess(directory, "hostile");
                GuestProcess good = new GuestProcess(directory, "good")) {
            port.publish(Guest.loopback(LISTENER), false, queue);
            assertEquals("published", good.ask("publish " + (LISTENER + 1)));
            assertEquals("sent", hostile.ask("send " + LISTENER + " 10"));
            Recorder recorder = new Recorder(queue);
            while (recorder.count() < 10) {
                queue.receive(recorder, 16);
            }
            assertEquals("scribbling", hostile.ask("scribble " + seed));
            Recorder careless = new Recorder(queue).careless();
            Link back = recorder.lastSource();
            for (int i = 0; careless.gone().isEmpty(); i++) {
                queue.receive(careless, 16);
                Frames.trySendInline(queue, back, i, 100);
            }
            assertTrue(queue.counters().garbage() > 0, "seed " + seed);
            Resolution found = port.resolve(Guest.loopback(LISTENER + 1), null);
            Link link = port.link(
                    queue, assertInstanceOf(Resolution.Found.class, found).route());
            Recorder echoes = new Recorder(queue);
            for (int i = 0; i < 100; i++) {
                Frames.sendInline(queue, link, i, 64);
            }
            while (echoes.count() < 100) {
                queue.receive(echoes, 16);
            }
            echoes.assertNumbers(0, 100);
        }
    }
}
