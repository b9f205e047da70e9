package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.Link;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rings and frames within one process, where the peer is the process itself. */
class SelfPeerTest {
    private static final int SLOTS = 16;

    private FabricPort port;
    private FabricQueue a;
    private FabricQueue b;
    private Link toB;

    @BeforeEach
    void open() throws Exception {
        port = FabricPort.open(
                FabricSettings.defaults().withMemoryBytes(64 << 20).withSlotsPerRing(SLOTS));
        a = port.openQueue();
        b = port.openQueue();
        toB = a.link(port.self(), b.id());
    }

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void framesArriveInOrderAcrossManyLaps() {
        Recorder recorder = new Recorder(b);
        for (int i = 0; i < 10 * SLOTS + 3; i++) {
            Frames.sendInline(a, toB, i, 64);
            assertEquals(1, b.receive(recorder, 8));
        }
        recorder.assertNumbers(0, 10 * SLOTS + 3);
    }

    @Test
    void aLookFindsAFrameThatWaits() {
        Recorder recorder = new Recorder(b);
        Frames.sendInline(a, toB, 0, 64);
        assertEquals(1, b.receive(recorder, 8));
        assertFalse(b.hasNext());
        Frames.sendInline(a, toB, 1, 64);
        assertTrue(b.hasNext());
        assertEquals(1, b.receive(recorder, 8));
        assertFalse(b.hasNext());
    }

    @Test
    void whereManyRingsArePolledALookIsAPoll() {
        for (int i = 0; i < 5; i++) {
            FabricQueue sender = port.openQueue();
            Frames.sendInline(sender, sender.link(port.self(), b.id()), i, 64);
        }
        Recorder recorder = new Recorder(b);
        assertEquals(5, b.receive(recorder, 8));
        assertTrue(b.hasNext());
    }

    @Test
    void aFullRingRefusesUntilTheReaderHasPolled() {
        for (int i = 0; i < SLOTS; i++) {
            assertTrue(Frames.trySendInline(a, toB, i, 10));
        }
        assertEquals(SLOTS, toB.lag());
        assertEquals(-1, a.claim(toB, 40, 0));
        assertEquals(1, a.counters().ringFull());
        Recorder recorder = new Recorder(b);
        assertEquals(5, b.receive(recorder, 5));
        assertEquals(SLOTS - 5, toB.lag());
        assertTrue(Frames.trySendInline(a, toB, SLOTS, 10));
        while (b.receive(recorder, 4) != 0) {
            // until nothing is left
        }
        recorder.assertNumbers(0, SLOTS + 1);
        assertEquals(0, toB.lag());
    }

    @Test
    void theSourceLeadsBackToTheSender() {
        Recorder atB = new Recorder(b);
        Frames.sendInline(a, toB, 7, 10);
        b.receive(atB, 1);
        Frames.sendInline(b, atB.lastSource(), 8, 10);
        Recorder atA = new Recorder(a);
        assertEquals(1, a.receive(atA, 1));
        atA.assertNumbers(8, 9);
        assertEquals(toB, atA.lastSource());
    }

    @Test
    void oneQueueTalksToItself() {
        Link loop = a.link(port.self(), a.id());
        Recorder recorder = new Recorder(a);
        Frames.sendInline(a, loop, 1, 100);
        Frames.sendFramed(a, loop, 2, 5000);
        assertEquals(2, a.receive(recorder, 10));
        recorder.assertNumbers(1, 3);
    }

    @Test
    void aFrameIsReusedOnlyWhenFreedAndReleased() {
        Recorder recorder = new Recorder(b).keeping();
        long frame = Frames.sendFramed(a, toB, 1, 3000, false);
        b.receive(recorder, 1);
        assertEquals(16384, toB.pinned());
        b.release(recorder.kept().removeFirst());
        Set<Long> others = takeAll(a, 3000);
        assertTrue(!others.contains(frame), "released, and yet not freed");
        a.free(frame);
        assertEquals(frame, a.allocate(3000));
        assertEquals(0, toB.pinned());

        Frames.fill(a, frame, 2, 3000);
        Frames.commitFramed(a, toB, 2, frame, 0, 3000);
        Frames.commitFramed(a, toB, 3, frame, 1000, 500);
        a.free(frame);
        b.receive(recorder, 2);
        assertEquals(0, a.allocate(3000));
        b.release(recorder.kept().removeFirst());
        assertEquals(0, a.allocate(3000));
        b.release(recorder.kept().removeFirst());
        assertEquals(frame, a.allocate(3000));
    }

    @Test
    void framesOfAMovedConnectionComeHome() {
        Link fromBToB = b.link(port.self(), b.id());
        Set<Long> all = takeAll(a, 60000);
        assertEquals(0, a.allocate(60000));
        Recorder recorder = new Recorder(b).keeping();
        long frame = all.iterator().next();
        Frames.commitFramed(a, toB, 1, frame, 0, 100);
        Frames.commitFramed(b, fromBToB, 2, frame, 0, 100);
        b.free(frame);
        assertEquals(2, b.receive(recorder, 10));
        // One of them is released by the other queue: its connection moved too.
        a.release(recorder.kept().removeFirst());
        b.release(recorder.kept().removeFirst());
        b.receive(recorder, 1);
        b.harvest();
        a.receive(recorder, 1);
        assertEquals(frame, a.allocate(60000));
    }

    @Test
    void freeingTwiceIsCountedAndHarmless() {
        long frame = a.allocate(100);
        a.free(frame);
        a.free(frame);
        assertEquals(1, a.counters().badFrees());
        assertEquals(frame, a.allocate(100));
        assertNotEquals(frame, a.allocate(100));
    }

    @Test
    void randomTrafficArrivesWholeAndInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Recorder recorder = new Recorder(b).keeping();
        List<Long> sent = new ArrayList<>();
        int next = 0;
        for (int step = 0; step < 200_000; step++) {
            int what = random.nextInt(10);
            if (what < 4) {
                int length = random.nextInt(random.nextBoolean() ? 190 : 65536);
                boolean went =
                        length <= 180 ? Frames.trySendInline(a, toB, next, length) : sendFramed(next, length, sent);
                next += went ? 1 : 0;
            } else if (what < 7) {
                b.receive(recorder, 1 + random.nextInt(20));
            } else if (what < 9 && !recorder.kept().isEmpty()) {
                b.release(recorder.kept().remove(random.nextInt(recorder.kept().size())));
            } else if (!sent.isEmpty()) {
                a.free(sent.remove(random.nextInt(sent.size())));
            }
        }
        while (b.receive(recorder, 100) != 0) {
            // until nothing is left
        }
        final int count = next;
        recorder.assertNumbers(0, count, "seed " + seed);
        recorder.kept().forEach(b::release);
        sent.forEach(a::free);
        while (toB.pinned() != 0) {
            b.receive(recorder, 1);
            a.harvest();
        }
        assertEquals(
                0,
                a.counters().badFrees() + b.counters().garbage() + a.counters().garbage(),
                "seed " + seed);
    }

    private boolean sendFramed(int number, int length, List<Long> sent) {
        if (toB.lag() == SLOTS) {
            return false;
        }
        long frame = a.allocate(length);
        if (frame == 0) {
            return false;
        }
        Frames.fill(a, frame, number, length);
        Frames.commitFramed(a, toB, number, frame, 0, length);
        sent.add(frame);
        return true;
    }

    private static Set<Long> takeAll(FabricQueue queue, int size) {
        Set<Long> frames = new HashSet<>();
        for (long frame = queue.allocate(size); frame != 0; frame = queue.allocate(size)) {
            assertTrue(frames.add(frame), "handed out twice");
        }
        return frames;
    }
}
