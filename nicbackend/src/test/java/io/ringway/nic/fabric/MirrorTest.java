package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.Link;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is a guest of its own. */
@Timeout(60)
class MirrorTest {
    private FabricPort port;
    private FabricQueue a;
    private FabricQueue b;
    private Mirror mirror;

    @BeforeEach
    void open() throws Exception {
        port = FabricPort.open(FabricSettings.defaults().withMemoryBytes(64 << 20));
        a = port.openQueue();
        b = port.openQueue();
        mirror = Mirror.of(port);
    }

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void framesAndAnswersTakeItsWay() throws Exception {
        try (Mirror.Guest guest = mirror.join()) {
            Link there = port.link(a, guest.routeTo(b));
            Recorder atB = new Recorder(b);
            for (int i = 0; i < 2_000; i++) {
                Frames.sendInline(a, there, 2 * i, 64);
                Frames.sendFramed(a, there, 2 * i + 1, 5000);
                assertEquals(2, receive(b, atB, 2));
            }
            atB.assertNumbers(0, 4_000);
            Link back = atB.lastSource();
            assertTrue(back.peer() instanceof MirrorPeer);
            Frames.sendInline(b, back, 7, 64);
            Recorder atA = new Recorder(a);
            assertEquals(1, receive(a, atA, 1));
            atA.assertNumbers(7, 8);
            assertEquals(there, atA.lastSource());
        }
    }

    /** A new ring is found with some look at its peer. */
    private static int receive(FabricQueue queue, Recorder recorder, int wanted) {
        int got = 0;
        for (int i = 0; got < wanted && i < 100; i++) {
            got += queue.receive(recorder, wanted - got);
        }
        return got;
    }

    @Test
    void leavingIsToldAfterTheLastFrame() throws Exception {
        Mirror.Guest guest = mirror.join();
        Link there = port.link(a, guest.routeTo(b));
        Frames.sendInline(a, there, 1, 64);
        guest.close();
        Recorder atB = new Recorder(b);
        receive(b, atB, 2);
        atB.assertNumbers(1, 2);
        assertEquals(1, atB.gone().size());
        receive(a, new Recorder(a), 1);
        assertTrue(there.isClosed());
        assertEquals(-1, a.claim(there, 40, 0));
    }

    @Test
    void itIsNobodyToOthers() throws Exception {
        try (Mirror.Guest guest = mirror.join()) {
            Frames.sendInline(a, port.link(a, guest.routeTo(b)), 1, 64);
            Recorder atB = new Recorder(b);
            receive(b, atB, 1);
            assertTrue(port.isAlone());
        }
        receive(a, new Recorder(a), 1);
        receive(b, new Recorder(b), 1);
        assertEquals("", port.lastTrouble());
        // The queue itself, as its own peer, is one.
        assertTrue(a.counters().peersJoined() <= 1 && b.counters().peersJoined() <= 1);
        assertEquals(0, a.counters().peersGone() + b.counters().peersGone());
    }

    @Test
    void nothingStays() throws Exception {
        long before = MappedMemory.count();
        // Together more than the memory.
        for (int i = 0; i < 600; i++) {
            if (i % 50 == 49) {
                mirror = Mirror.of(port);
            }
            try (Mirror.Guest guest = mirror.join()) {
                Link there = port.link(a, guest.routeTo(b));
                Frames.sendFramed(a, there, i, 5000);
                assertEquals(1, receive(b, new Recorder(b), 1));
            }
            receive(a, new Recorder(a), 1);
            receive(b, new Recorder(b), 1);
            if (i % 20 == 0) {
                MappedMemory.collect();
            }
        }
        while (MappedMemory.count() > before) {
            MappedMemory.collect();
        }
    }
}
