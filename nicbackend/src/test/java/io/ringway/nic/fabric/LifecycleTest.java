package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.linux.Poller;
import io.ringway.nic.Link;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues that come, sleep, fall silent and go. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifecycleTest {
    private FabricPort port;
    private FabricQueue a;
    private FabricQueue b;

    @BeforeEach
    void open() throws Exception {
        port = FabricPort.open(
                FabricSettings.defaults().withMemoryBytes(64 << 20).withSlotsPerRing(16));
        a = port.openQueue();
        b = port.openQueue();
    }

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void queuesComeAndGoWithoutGrowth() {
        Recorder recorder = new Recorder(a);
        long highest = 0;
        for (int i = 0; i < 3000; i++) {
            FabricQueue brief = port.openQueue();
            Frames.sendInline(brief, brief.link(port.self(), a.id()), i, 64);
            Frames.sendFramed(brief, brief.link(port.self(), a.id()), i, 3000);
            Frames.sendInline(a, a.link(port.self(), brief.id()), i, 64);
            brief.receive(new Recorder(brief), 10);
            brief.close();
            assertEquals(2, a.receive(recorder, 10));
            a.receive(recorder, 10);
            long frame = a.allocate(100);
            highest = Math.max(highest, frame);
            a.free(frame);
        }
        port.housekeep();
        assertTrue(highest < 8 << 20, "memory grows: " + highest);
        assertTrue(port.openQueue().id() > 3000);
    }

    @Test
    void whatWasPublishedBeforeClosingArrives() {
        Link toB = a.link(port.self(), b.id());
        for (int i = 0; i < 10; i++) {
            Frames.sendFramed(a, toB, i, 5000);
        }
        a.close();
        Recorder recorder = new Recorder(b).keeping();
        while (b.receive(recorder, 3) != 0) {
            // until nothing is left
        }
        recorder.assertNumbers(0, 10);
        recorder.kept().forEach(b::release);
        assertTrue(port.queue(a.id()) != null);
        b.tidy();
        port.housekeep();
        assertEquals(null, port.queue(a.id()));
    }

    @Test
    void aLinkToAClosedQueueIsClosed() {
        Link toB = a.link(port.self(), b.id());
        Frames.sendFramed(a, toB, 0, 5000);
        Recorder recorder = new Recorder(b).keeping();
        assertEquals(1, b.receive(recorder, 1));
        Frames.sendFramed(a, toB, 1, 5000);
        b.close();
        a.receive(new Recorder(a), 1);
        assertTrue(toB.isClosed());
        assertEquals(-1, a.claim(toB, 40, 0));
        assertEquals(0, toB.lag());
        port.housekeep();
        a.tidy();
        assertEquals(32768, toB.pinned(), "the reader's frame is still in use");
        a.release(recorder.kept().removeFirst());
        a.tidy();
        assertEquals(0, toB.pinned());
        assertEquals(null, port.queue(b.id()));
    }

    @Test
    void silentRingsSleepAndWake() {
        List<FabricQueue> senders = new ArrayList<>();
        Recorder recorder = new Recorder(b);
        for (int i = 0; i < 20; i++) {
            FabricQueue sender = port.openQueue();
            senders.add(sender);
            Frames.sendInline(sender, sender.link(port.self(), b.id()), i, 10);
        }
        while (b.receive(recorder, 64) != 0) {
            // until nothing is left
        }
        for (int i = 0; i < 40_000; i++) {
            b.receive(recorder, 64);
        }
        assertTrue(b.rings().activeCount() <= 4, b.rings().activeCount() + " rings are polled");
        assertTrue(b.counters().ringsSlept() >= 16);
        for (int i = 0; i < 20; i++) {
            FabricQueue sender = senders.get(i);
            Frames.sendInline(sender, sender.link(port.self(), b.id()), 20 + i, 10);
            assertEquals(1, b.receive(recorder, 64));
        }
        recorder.assertNumbers(0, 40);
    }

    @Test
    void onlyASleeperIsRung() throws Exception {
        Link toB = a.link(port.self(), b.id());
        Frames.sendInline(a, toB, 0, 10);
        assertFalse(isReadable(b));
        assertEquals(0, a.counters().bellsRung());
        Recorder recorder = new Recorder(b);
        b.receive(recorder, 10);
        b.arm();
        assertEquals(0, b.receive(recorder, 10));
        Frames.sendInline(a, toB, 1, 10);
        Frames.sendInline(a, toB, 2, 10);
        assertTrue(isReadable(b));
        assertEquals(1, a.counters().bellsRung());
        b.disarm();
        b.clearDoorbell();
        assertFalse(isReadable(b));
        assertEquals(2, b.receive(recorder, 10));
        Frames.sendInline(a, toB, 3, 10);
        assertEquals(1, a.counters().bellsRung());
        b.receive(recorder, 10);
        b.arm();
        b.receive(recorder, 10);
        Frames.sendInline(a, toB, 4, 10);
        b.clearDoorbell();
        b.receive(recorder, 10);
        Frames.sendInline(a, toB, 5, 10);
        assertTrue(isReadable(b), "still armed after the doorbell was cleared");
    }

    @Test
    void aRingThatIsMadeWakesItsReader() throws Exception {
        b.arm();
        b.receive(new Recorder(b), 10);
        Frames.sendInline(a, a.link(port.self(), b.id()), 0, 10);
        assertTrue(isReadable(b));
        assertEquals(1, b.receive(new Recorder(b), 10));
    }

    @Test
    void whoSleepsForLackOfSlotsIsRungWhenThereAreSome() throws Exception {
        Link toB = a.link(port.self(), b.id());
        for (int i = 0; i < 16; i++) {
            Frames.sendInline(a, toB, i, 10);
        }
        assertEquals(-1, a.claim(toB, 40, 0));
        a.arm();
        assertEquals(0, a.receive(new Recorder(a), 10));
        assertFalse(isReadable(a));
        while (b.receive(new Recorder(b), 3) != 0) {
            // until nothing is left
        }
        assertTrue(isReadable(a));
    }

    @Test
    void whoSleepsForLackOfSlotsThatCameMeanwhileDoesNotSleep() throws Exception {
        Link toB = a.link(port.self(), b.id());
        for (int i = 0; i < 16; i++) {
            Frames.sendInline(a, toB, i, 10);
        }
        assertEquals(-1, a.claim(toB, 40, 0));
        b.receive(new Recorder(b), 16);
        a.arm();
        assertTrue(isReadable(a));
    }

    @Test
    void whoSleepsForLackOfFramesIsRungWhenOneComesBack() throws Exception {
        Link toB = a.link(port.self(), b.id());
        Recorder recorder = new Recorder(b).keeping();
        for (long frame = a.allocate(65536); frame != 0; frame = a.allocate(65536)) {
            Frames.commitFramed(a, toB, 0, frame, 0, 10);
            a.free(frame);
            b.receive(recorder, 1);
        }
        while (a.allocate(10) != 0) {
            // until nothing is left
        }
        a.arm();
        assertFalse(isReadable(a));
        b.release(recorder.kept().removeFirst());
        b.receive(recorder, 1);
        assertTrue(isReadable(a));
        assertTrue(a.allocate(65536) != 0);
    }

    private static boolean isReadable(FabricQueue queue) throws Exception {
        return new Poller().poll(new int[] {queue.doorbell()}, 1, 0, new boolean[1]) == 1;
    }
}
