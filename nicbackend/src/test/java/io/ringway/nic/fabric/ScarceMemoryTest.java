package io.ringway.nic.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.linux.Poller;
import io.ringway.nic.Link;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader that gives nothing back gets its part of the memory and no more: the rest is for others. */
class ScarceMemoryTest {
    private static final int MEMORY = 32 << 20;
    private static final long NOTHING = 0;

    private FabricPort port;
    private FabricQueue sender;
    private FabricQueue hoarder;
    private Link toHoarder;
    private Link toOther;
    private Recorder hoard;

    @BeforeEach
    void open() throws Exception {
        port = FabricPort.open(FabricSettings.defaults().withMemoryBytes(MEMORY));
        sender = port.openQueue();
        hoarder = port.openQueue();
        FabricQueue other = port.openQueue();
        toHoarder = sender.link(port.self(), hoarder.id());
        toOther = sender.link(port.self(), other.id());
        hoard = new Recorder(hoarder).keeping();
    }

    @AfterEach
    void close() {
        port.close();
    }

    /** Sends to the hoarder for as long as that is allowed. */
    private void fill() {
        for (int i = 0; !sender.isReserved(toHoarder, NOTHING); i++) {
            assertTrue(toHoarder.pinned() < MEMORY - (MEMORY >> 3), "no bound");
            Frames.sendFramed(sender, toHoarder, i, 1 << 16);
            hoarder.receive(hoard, 64);
        }
    }

    @Test
    void whoHoldsLittleGetsFramesToTheLast() {
        fill();
        assertTrue(toHoarder.pinned() > MEMORY / 2);
        assertFalse(sender.isReserved(toOther, 1 << 17));
        assertTrue(sender.isReserved(toOther, 1 << 20), "a connection that holds much");
        assertTrue(sender.counters().framesReserved() > 0);
        int frames = 0;
        while (sender.allocate(1 << 16) != 0) {
            frames++;
        }
        assertTrue(frames << 16 >= MEMORY >> 3, frames + " frames");
    }

    @Test
    void whatComesBackIsForAllAgain() {
        fill();
        hoard.kept().forEach(hoarder::release);
        assertFalse(sender.isReserved(toHoarder, 1 << 20));
        assertEquals(0, toHoarder.pinned());
    }

    @Test
    void aSleeperIsWokenByWhatComesBackAndNotBefore() throws Exception {
        fill();
        sender.arm();
        assertFalse(isRung(), "there is nothing to wake up for");
        for (int i = 0; i < hoard.kept().size(); i++) {
            hoarder.release(hoard.kept().get(i));
            hoarder.receive(hoard, 1);
        }
        assertTrue(isRung());
        sender.clearDoorbell();
        sender.disarm();
        assertFalse(sender.isReserved(toHoarder, 1 << 20));
        assertNotEquals(0, sender.allocate(1 << 16));
    }

    private boolean isRung() throws Exception {
        return new Poller().poll(new int[] {sender.doorbell()}, 1, 0, new boolean[1]) > 0;
    }
}
