package io.ringway.nic.wrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.fabric.FabricQueue;
import io.ringway.nic.offload.TestPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad wire does, and that what is above the pipelines is told the truth. */
class FaultTest extends WrapTest {
    private static final int PACKETS = 4_000;

    private final AtomicLong clock = new AtomicLong();

    private List<String> sendAll(String faults) throws Exception {
        open(inner -> new FaultPort(inner, Faults.parse(faults), clock::get));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            TestPacket p = TestPacket.of(i % 2 == 0).sequence(i).flags(TestPacket.ACK | TestPacket.PSH);
            p.payload(i % 5 == 0 ? 300 : 20);
            send(p);
            sent.add(hex(p));
            clock.addAndGet(10_000);
            receive();
        }
        clock.addAndGet(10_000_000);
        a.flush();
        receive();
        assertEquals(0, a.backlog());
        return sent;
    }

    @Test
    void thePortIsLossyAndWithoutChecksums() throws Exception {
        open(inner -> new FaultPort(inner, Faults.parse("seed=1"), clock::get));
        assertFalse(a.capabilities().lossless());
        assertTrue(a.capabilities().checksums(), "the pipelines complete them");
        assertFalse(a.port().capabilities().checksums());
    }

    @Test
    void withoutFaultsEverythingArrivesInOrder() throws Exception {
        assertEquals(sendAll("seed=5"), arrived);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void packetsAreLost(long seed) throws Exception {
        List<String> sent = sendAll("loss=0.1,seed=" + seed);
        long lost = count("faultLost");
        assertTrue(lost > PACKETS / 20 && lost < PACKETS / 5, lost + " lost, seed " + seed);
        assertEquals(PACKETS - lost, arrived.size());
        sent.retainAll(new HashSet<>(arrived));
        assertEquals(sent, arrived);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void packetsComeTwice(long seed) throws Exception {
        List<String> sent = sendAll("duplicate=0.1;seed=" + seed);
        long twice = count("faultDuplicated");
        assertTrue(twice > PACKETS / 20, twice + " duplicated, seed " + seed);
        assertEquals(PACKETS + twice, arrived.size());
        assertEquals(new HashSet<>(sent), new HashSet<>(arrived));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void packetsPassEachOther(long seed) throws Exception {
        List<String> sent = sendAll("reorder=0.1,seed=" + seed);
        assertTrue(count("faultReordered") > PACKETS / 20, "seed " + seed);
        assertNotEquals(sent, arrived, "seed " + seed);
        assertEquals(PACKETS, arrived.size());
        assertEquals(new HashSet<>(sent), new HashSet<>(arrived), "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void brokenPacketsAreNoticed(long seed) throws Exception {
        List<String> sent = sendAll("corrupt=0.1,seed=" + seed);
        long broken = count("faultCorrupted");
        assertTrue(broken > PACKETS / 20, "seed " + seed);
        assertTrue(count("badChecksums") > 0);
        // The rest was no TCP segment any more; the stack refuses it.
        HashSet<String> right = new HashSet<>(arrived);
        right.retainAll(sent);
        assertEquals(PACKETS - broken, right.size(), "seed " + seed);
    }

    @Test
    void packetsWaitAndTheirThreadStaysAwake() throws Exception {
        open(inner -> new FaultPort(inner, Faults.parse("delay=500"), clock::get));
        TestPacket p = TestPacket.v4().payload(10).flags(TestPacket.ACK | TestPacket.PSH);
        send(p);
        receive();
        assertEquals(List.of(), arrived);
        assertEquals(1, a.backlog());
        FabricQueue device = (FabricQueue) ((FaultQueue) a.device()).inner();
        a.arm();
        for (int i = 1; i < 4; i++) {
            a.clearDoorbell();
            assertEquals(i, device.counters().bellsHeard());
        }
        clock.addAndGet(499_999);
        a.flush();
        receive();
        assertEquals(List.of(), arrived);
        clock.addAndGet(1);
        a.flush();
        receive();
        assertEquals(List.of(hex(p)), arrived);
        assertEquals(0, a.backlog());
    }

    @Test
    void theSameSeedGivesTheSameFaults() throws Exception {
        sendAll("loss=0.05,duplicate=0.05,reorder=0.05,corrupt=0.05,seed=77");
        List<String> first = List.copyOf(arrived);
        FaultTest again = new FaultTest();
        again.sendAll("loss=0.05,duplicate=0.05,reorder=0.05,corrupt=0.05,seed=77");
        again.close();
        assertEquals(first, again.arrived);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"loss", "loss=", "loss=2", "loss=-1", "loss=NaN", "lost=1", "delay=1000001", "seed=x", "", ","})
    void whatMakesNoSenseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Faults.parse(text));
    }
}
