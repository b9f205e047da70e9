package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.offload.FlowScheduler;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of one stack that share a ring to their peer: none of them keeps the others from sending (M5). */
class FlowTurnsTest {
    private static final int SLOTS = 16;
    private static final int PIECE = 1 << 16;
    private static final int PACKET = (1 << 16) + 256;

    private Simulation s =
            new Simulation(MemoryNetwork.LOSSLESS.withSlots(SLOTS).withFrames(512), 1);
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);

    @AfterEach
    void contract() {
        s.network.check();
    }

    private StackCounters counters() {
        return s.client.stack().counters();
    }

    /** Writes until nothing is accepted any more. */
    private long fill(TcpConnection c, int size) throws IOException {
        long total = 0;
        long n;
        do {
            piece.clear().limit(size);
            n = c.write(piece);
            total += n;
        } while (n > 0);
        return total;
    }

    private static int write(TcpConnection c, int size) throws IOException {
        return c.write(ByteBuffer.allocate(size));
    }

    private long readAll(TcpConnection c) throws IOException {
        long total = 0;
        while (c.available() > 0) {
            target.clear();
            total += c.read(target);
        }
        return total;
    }

    private void poll(NetworkStack stack) {
        assertTrue(stack.tryOwn());
        stack.poll(s.network.now());
        stack.disown();
    }

    @Test
    void aBulkFlowLeavesRoomInTheRing() throws IOException {
        Simulation.Pair bulk = s.connect();
        Simulation.Pair small = s.connect();
        fill(bulk.client(), PIECE);
        assertTrue(counters().flowsHeldBack > 0);
        assertEquals(64, write(small.client(), 64));
        // Only the server polls: what it finds was published by the write.
        s.server.poll();
        assertEquals(64, small.server().available());
    }

    /** Nobody has to wait for the slots of others: only its own tell whether a flow is behind. */
    @Test
    void aSmallWriteIsNotPutOffForTheSlotsOfOthers() throws IOException {
        s = new Simulation(MemoryNetwork.LOSSLESS.withFrames(512), 1);
        Simulation.Pair bulk = s.connect();
        Simulation.Pair small = s.connect();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 12; i++) {
                assertEquals(PIECE, write(bulk.client(), PIECE));
            }
            write(small.client(), 64);
            s.server.poll();
            assertEquals(64, readAll(small.server()), "round " + round);
            readAll(bulk.server());
            s.settle();
        }
    }

    /** But small writes of one that is behind itself are collected as ever. */
    @Test
    void smallWritesOfAFlowThatIsBehindAreCollected() throws IOException {
        s = new Simulation(MemoryNetwork.LOSSLESS.withFrames(512), 1);
        Simulation.Pair bulk = s.connect();
        Simulation.Pair small = s.connect();
        for (int i = 0; i < 12; i++) {
            assertEquals(PIECE, write(bulk.client(), PIECE));
        }
        long before = counters().segmentsSent;
        for (int i = 0; i < 100; i++) {
            assertEquals(64, write(small.client(), 64));
        }
        assertTrue(counters().segmentsSent - before < 30, counters().segmentsSent - before + " segments");
        s.settle();
        assertEquals(6_400, readAll(small.server()));
    }

    /** Every flow has more to send than the ring takes, in pieces of its own size: all get the same share. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void backloggedFlowsShareAFullRing(long seed) throws IOException {
        StackSettings few = new StackSettings(
                6 << 20, 1 << 20, 6 << 20, 20_000_000, 1_000_000_000, 60_000_000_000L, 1, 7_200_000_000_000L, 4);
        s = new Simulation(MemoryNetwork.LOSSLESS.withSlots(SLOTS).withFrames(512), few, 1, seed);
        Random random = new Random(seed);
        List<Simulation.Pair> pairs = new ArrayList<>();
        int[] sizes = new int[2 + random.nextInt(3)];
        long[] read = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            pairs.add(s.connect());
            sizes[i] = 1_000 + random.nextInt(PIECE - 1_000);
            fill(pairs.get(i).client(), sizes[i]);
        }
        // What they published before they met.
        for (int i = 0; i < 4 * SLOTS; i++) {
            round(pairs, sizes, read, random);
        }
        long[] before = read.clone();
        for (int i = 0; i < 300; i++) {
            round(pairs, sizes, read, random);
        }
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < read.length; i++) {
            least = Math.min(least, read[i] - before[i]);
            most = Math.max(most, read[i] - before[i]);
        }
        // A window's worth may be in the ring at either end of the count.
        long inRing = 2L * (FlowScheduler.QUANTUM + PACKET) + SLOTS * (PIECE >>> 2);
        assertTrue(most - least <= inRing, "seed " + seed + ": from " + least + " to " + most);
        assertTrue(least > 20L * FlowScheduler.QUANTUM, "seed " + seed + ": " + least);
        assertTrue(counters().bulkTurns > 100, "seed " + seed + ": " + counters().bulkTurns + " turns");
        assertTrue(counters().flowDeferrals > 100, "seed " + seed + ": " + counters().flowDeferrals);
        s.settle();
    }

    private void round(List<Simulation.Pair> pairs, int[] sizes, long[] read, Random random) throws IOException {
        poll(s.server.stack());
        for (int i = 0; i < read.length; i++) {
            read[i] += readAll(pairs.get(i).server());
        }
        int first = random.nextInt(read.length);
        for (int k = 0; k < read.length; k++) {
            int i = (first + k) % read.length;
            fill(pairs.get(i).client(), sizes[i]);
        }
        poll(s.client.stack());
    }

    /** Whoever fills the ring again and again does not keep a waiting one from its turn. */
    @Test
    void aWaitingFlowGetsItsTurn() throws IOException {
        Simulation.Pair bulk = s.connect();
        Simulation.Pair other = s.connect();
        fill(bulk.client(), PIECE);
        long accepted = 0;
        for (int i = 0; i < 3 * SLOTS; i++) {
            accepted += write(other.client(), 20_000);
        }
        long read = 0;
        int rounds = 0;
        while (read < accepted) {
            assertTrue(++rounds < 100, read + " of " + accepted);
            s.server.poll();
            read += readAll(other.server());
            readAll(bulk.server());
            fill(bulk.client(), PIECE);
        }
    }

    /** The rule that what was accepted is published, unless the ring is full, holds for all that wait for a ring. */
    @Test
    void whatWasAcceptedIsPublishedAsSoonAsThereIsRoom() throws IOException {
        Simulation.Pair first = s.connect();
        Simulation.Pair second = s.connect();
        long accepted = 0;
        for (int i = 0; i < SLOTS; i++) {
            accepted += write(first.client(), 30_000);
            accepted += write(second.client(), 30_000);
        }
        long read = 0;
        for (int i = 0; i < 4; i++) {
            s.server.poll();
            read += readAll(first.server()) + readAll(second.server());
            // One poll, which finds the ring empty.
            s.client.poll();
        }
        assertEquals(accepted, read);
    }

    @Test
    void aFlowThatWaitsCanCloseAndAbort() throws IOException {
        Simulation.Pair first = s.connect();
        Simulation.Pair second = s.connect();
        Simulation.Pair third = s.connect();
        fill(first.client(), PIECE);
        long accepted = fill(second.client(), PIECE);
        fill(third.client(), PIECE);
        second.client().close();
        third.client().abort();
        first.client().abort();
        long read = 0;
        for (int i = 0; read < accepted && i < 1_000; i++) {
            s.settle();
            read += readAll(second.server());
        }
        s.settle();
        assertEquals(accepted, read);
        assertEquals(-1, second.server().read(target.clear()));
        second.server().close();
        third.server().close();
        first.server().close();
        s.settle();
        assertEquals(0, s.client.stack().listConnections().length);
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
    }

    @Test
    void aFlowAloneTakesNoTurns() throws IOException {
        s = new Simulation(MemoryNetwork.LOSSLESS.withFrames(512), 1);
        Simulation.Pair alone = s.connect();
        s.connect();
        for (int i = 0; i < 100; i++) {
            fill(alone.client(), PIECE);
            s.settle();
            readAll(alone.server());
        }
        assertEquals(0, counters().bulkTurns + counters().smallTurns + counters().flowDeferrals);
    }
}
