package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The next data of a flow just heard needs no look-up; nothing else passes for that. */
class HeaderPredictionTest {
    private static final int MESSAGES = 20;

    private Simulation s = new Simulation(MemoryNetwork.LOSSLESS, 1);

    private long predicted() {
        return s.server.stack().counters().segmentsPredicted;
    }

    private void pass(Simulation.Pair pair, int size) throws IOException {
        assertEquals(size, pair.client().write(ByteBuffer.allocate(size)));
        s.settle();
        assertEquals(size, pair.server().read(ByteBuffer.allocate(size + 1)));
    }

    @Test
    void dataOfAFlowJustHeardIsPredicted() throws IOException {
        Simulation.Pair pair = s.connect();
        pass(pair, 64);
        long before = predicted();
        for (int i = 0; i < MESSAGES; i++) {
            pass(pair, i % 2 == 0 ? 64 : 4_000);
        }
        assertEquals(MESSAGES, predicted() - before);
    }

    @Test
    void soItIsWithManyFlowsInTurn() throws IOException {
        List<Simulation.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            pairs.add(s.connect());
            pass(pairs.get(i), 64);
        }
        long before = predicted();
        for (Simulation.Pair pair : pairs) {
            pass(pair, 64);
        }
        assertEquals(pairs.size(), predicted() - before);
    }

    /** The one that was heard last has the place of both. */
    @Test
    void flowsThatShareAPlaceAreToldApart() throws IOException {
        List<Simulation.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            pairs.add(s.connect());
        }
        Simulation.Pair one = pairs.getFirst();
        Simulation.Pair other = pairs.getLast();
        for (int i = 0; i < MESSAGES; i++) {
            assertEquals(3, one.client().write(ByteBuffer.wrap(new byte[] {1, 2, 3})));
            assertEquals(2, other.client().write(ByteBuffer.wrap(new byte[] {4, 5})));
            s.settle();
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), read(one.server()));
            assertEquals(ByteBuffer.wrap(new byte[] {4, 5}), read(other.server()));
        }
    }

    private static ByteBuffer read(TcpConnection c) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(100);
        c.read(all);
        return all.flip();
    }

    @Test
    void aClosedFlowIsForgotten() throws IOException {
        Simulation.Pair pair = s.connect();
        pass(pair, 64);
        long before = predicted();
        pair.client().shutdownOutput();
        s.settle();
        assertTrue(pair.server().isInputEnded());
        pair.server().close();
        s.settle();
        assertEquals(before, predicted());
        assertEquals(0, s.server.stack().connections());
    }

    @Test
    void aFlowThatHasMovedIsHeardWhereItIs() throws IOException {
        s = new Simulation(MemoryNetwork.LOSSLESS, StackSettings.defaults(), 2, 1);
        Simulation.Pair pair = s.connect();
        pass(pair, 64);
        NetworkStack from = pair.server().stack();
        NetworkStack to = from == s.server.stack(0) ? s.server.stack(1) : s.server.stack(0);
        pair.server().moveTo(to);
        s.settle();
        pass(pair, 64);
        long before = to.counters().segmentsPredicted;
        long there = from.counters().segmentsPredicted;
        for (int i = 0; i < MESSAGES; i++) {
            pass(pair, 64);
        }
        assertEquals(MESSAGES, to.counters().segmentsPredicted - before);
        assertEquals(there, from.counters().segmentsPredicted);
    }
}
