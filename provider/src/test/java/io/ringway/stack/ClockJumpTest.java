package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.Faults;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Program;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpOptions;
import io.ringway.stack.tcp.TcpState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clock has jumped when a stack is polled again: the machine was suspended, the process stopped. Nobody was lost by
 * that, so connections live on, and what was missed is not made up for in a burst.
 */
class ClockJumpTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final MemoryNetwork.Setup WIRE = MemoryNetwork.lossy(Faults.loss(0));

    /** Both ends are away for so long, and what is on its way too. */
    private static void jump(Simulation s, long nanos) {
        s.network.advanceTo(s.network.now() + nanos);
    }

    /** The server is away for so long, the client is not. */
    private static void stopServer(Simulation s, long nanos) {
        long end = s.network.now() + nanos;
        while (s.network.now() < end) {
            while (s.client.poll() > 0) {
                assertTrue(s.network.now() <= end);
            }
            long next = Math.min(end, s.client.nextDeadline());
            s.network.advanceTo(Math.max(next, s.network.now() + 1));
        }
    }

    private static long sent(Simulation s) {
        return s.client.stack().counters().segmentsSent + s.server.stack().counters().segmentsSent;
    }

    private static long retransmissions(Simulation s) {
        return s.client.stack().counters().retransmissions + s.server.stack().counters().retransmissions;
    }

    private static List<Program> programs(Simulation s, int connections, int bytes, Random random) {
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Simulation.Pair pair = s.connect();
            programs.add(new Program(pair.client(), 2 * i, 2 * i + 1, bytes, bytes, 20_000, random.nextLong()));
            programs.add(new Program(pair.server(), 2 * i + 1, 2 * i, bytes, bytes, 20_000, random.nextLong()));
        }
        // A little at a time, so that there are moments in between.
        programs.forEach(p -> p.piecesPerAct(5));
        return programs;
    }

    /** Jumps at random moments; returns how often. */
    private static int runWithJumps(Simulation s, List<Program> programs, Random random) {
        int jumps = 0;
        for (int i = 0; !programs.stream().allMatch(Program::isDone); i++) {
            boolean acted = false;
            for (Program p : programs) {
                acted |= p.act();
            }
            if (jumps < 20 && random.nextInt(20) == 0) {
                jump(s, HOUR * (1 + random.nextInt(48)));
                jumps++;
            } else if (!acted && !s.step() && programs.stream().noneMatch(Program::isTold)) {
                throw new AssertionError("stuck: " + programs);
            }
            assertTrue(i < 1_000_000, () -> "goes on for ever: " + programs);
        }
        s.advance(300 * SECOND);
        for (Program p : programs) {
            assertEquals(TcpState.CLOSED, p.connection().state(), p::toString);
            assertEquals(Failure.NONE, p.connection().failure(), p::toString);
        }
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
        s.network.check();
        return jumps;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void streamsGoOnWhereNothingIsLost(long seed) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.LOSSLESS, seed);
        int jumps = runWithJumps(s, programs(s, 3, 2_000_000, random), random);
        assertTrue(jumps > 0);
        assertEquals(0, retransmissions(s));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void streamsGoOnOverAWire(long seed) {
        Random random = new Random(seed);
        Simulation s = new Simulation(WIRE, seed);
        int jumps = runWithJumps(s, programs(s, 3, 300_000, random), random);
        assertTrue(jumps > 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void streamsGoOnOverABadWire(long seed) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.lossy(Faults.all(0.02)), seed);
        assertTrue(runWithJumps(s, programs(s, 2, 100_000, random), random) > 0);
    }

    @Test
    void oneExpiryPerJumpIsAllThatIsSentAgain() throws IOException {
        Simulation s = new Simulation(WIRE, 1);
        Simulation.Pair pair = s.connect();
        pair.client().write(ByteBuffer.allocate(1000));
        for (int i = 1; i <= 5; i++) {
            // Nothing arrives in between: time-outs of more than two days are one time-out.
            jump(s, 50 * HOUR);
            s.client.poll();
            assertEquals(i, s.client.stack().counters().retransmissions);
        }
        s.settle();
        assertEquals(1000, pair.server().read(ByteBuffer.allocate(2000)));
        s.advance(HOUR);
        assertEquals(TcpState.ESTABLISHED, pair.client().state());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void idleConnectionsSayAtMostOneWordAfterAJump(boolean lossless) {
        Simulation s = new Simulation(lossless ? MemoryNetwork.LOSSLESS : WIRE, 1);
        TcpOptions options = new TcpOptions();
        options.keepAlive(true);
        List<Simulation.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pairs.add(s.connect(options));
        }
        s.advance(10 * SECOND);
        for (int i = 0; i < 5; i++) {
            long before = sent(s);
            jump(s, 100 * HOUR);
            s.settle();
            s.advance(10 * SECOND);
            // A keep-alive and its answer.
            long said = sent(s) - before;
            assertTrue(said <= (lossless ? 0 : 2 * pairs.size()), () -> said + " segments");
        }
        for (Simulation.Pair pair : pairs) {
            assertEquals(TcpState.ESTABLISHED, pair.client().state());
            assertEquals(TcpState.ESTABLISHED, pair.server().state());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAttemptThatIsUnderWaySurvives(boolean lossless) {
        Simulation s = new Simulation(lossless ? MemoryNetwork.LOSSLESS : WIRE, 1);
        TcpConnection c = s.client.connect(s.server, 5_000, Simulation.SERVICE, () -> {});
        jump(s, 10 * HOUR);
        s.client.poll();
        jump(s, 10 * HOUR);
        s.settle();
        s.advance(10 * SECOND);
        assertEquals(TcpState.ESTABLISHED, c.state());
        assertTrue(s.listener.acceptable());
    }

    @Test
    void aPeerThatIsAwayForADayIsWaitedForWhereNothingIsLost() throws IOException {
        Simulation s = new Simulation(MemoryNetwork.LOSSLESS, 1);
        Simulation.Pair pair = s.connect();
        pair.client().write(ByteBuffer.allocate(100_000));
        long before = sent(s);
        stopServer(s, 24 * HOUR);
        assertEquals(before, sent(s));
        s.settle();
        assertEquals(100_000, readAll(s, pair.server(), 100_000));
        assertEquals(TcpState.ESTABLISHED, pair.client().state());
    }

    @Test
    void aPeerThatIsAwayForMinutesIsWaitedForOverAWire() throws IOException {
        Simulation s = new Simulation(WIRE, 1);
        Simulation.Pair pair = s.connect();
        pair.client().write(ByteBuffer.allocate(100_000));
        long before = sent(s);
        stopServer(s, 300 * SECOND);
        long again = sent(s) - before;
        assertTrue(again <= 15, () -> again + " segments sent again");
        assertEquals(100_000, readAll(s, pair.server(), 100_000));
        assertEquals(TcpState.ESTABLISHED, pair.client().state());
    }

    @Test
    void aPeerThatIsAwayForHoursIsGivenUpOverAWire() throws IOException {
        Simulation s = new Simulation(WIRE, 1);
        Simulation.Pair pair = s.connect();
        pair.client().write(ByteBuffer.allocate(100_000));
        stopServer(s, 2 * HOUR);
        assertEquals(Failure.TIMED_OUT, pair.client().failure());
        assertTrue(retransmissions(s) <= 15);
        s.settle();
        pair.server().write(ByteBuffer.allocate(1));
        s.advance(10 * SECOND);
        assertEquals(Failure.RESET, pair.server().failure());
    }

    private static int readAll(Simulation s, TcpConnection from, int expected) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(expected + 1);
        for (int i = 0; i < 1_000 && target.position() < expected; i++) {
            from.read(target);
            s.step();
        }
        return target.position();
    }
}
