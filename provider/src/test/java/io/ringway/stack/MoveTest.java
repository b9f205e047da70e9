package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.Faults;
import io.ringway.stack.memory.Host;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Program;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that move between the stacks of their processes, in virtual time; stacks are polled in any order, or not. */
class MoveTest {
    private static final int STACKS = 3;
    private static final int MOST_MOVES = 500;

    private static Simulation simulation(MemoryNetwork.Setup setup, long seed) {
        return new Simulation(setup, StackSettings.defaults(), STACKS, seed);
    }

    private static void poll(Host host, int i) {
        NetworkStack stack = host.stack(i);
        assertTrue(stack.tryOwn());
        try {
            stack.poll(host.network.now());
        } finally {
            stack.disown();
        }
    }

    private static List<Program> programs(Simulation s, Random random, int connections, int most) {
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Simulation.Pair pair = s.connect();
            long up = random.nextInt(most);
            long down = random.nextInt(most);
            long seed = random.nextLong();
            int piece = 1 << 4 + random.nextInt(10);
            programs.add(new Program(pair.client(), 2 * i, 2 * i + 1, up, down, piece, seed));
            programs.add(new Program(pair.server(), 2 * i + 1, 2 * i, down, up, piece, seed));
        }
        return programs;
    }

    private static int run(Simulation s, Random random, List<Program> programs, int movesPerThousand) {
        int moves = 0;
        for (int i = 0; !programs.stream().allMatch(Program::isDone); i++) {
            Program p = programs.get(random.nextInt(programs.size()));
            if (random.nextInt(1000) < movesPerThousand && moves < MOST_MOVES && !p.isDone()) {
                Host host = programs.indexOf(p) % 2 == 0 ? s.client : s.server;
                p.connection().moveTo(host.stack(random.nextInt(STACKS)));
                moves++;
            }
            // One stack is polled seldom.
            int which = random.nextInt(20) == 0 ? STACKS - 1 : random.nextInt(STACKS - 1);
            poll(random.nextBoolean() ? s.client : s.server, which);
            boolean acted = p.act();
            if (!acted && i % 500 == 0 && programs.stream().noneMatch(Program::isTold)) {
                s.settle();
                if (programs.stream().noneMatch(Program::isTold) && !s.step()) {
                    assertTrue(programs.stream().anyMatch(Program::isTold), () -> "stuck: " + programs);
                }
            }
            assertTrue(i < 20_000_000, () -> "goes on for ever: " + programs);
        }
        return moves;
    }

    private static void allGone(Simulation s, List<Program> programs) {
        s.advance(300_000_000_000L);
        for (Program p : programs) {
            assertEquals(TcpState.CLOSED, p.connection().state(), p::toString);
            assertEquals(Failure.NONE, p.connection().failure(), p::toString);
        }
        for (int i = 0; i < STACKS; i++) {
            assertEquals(0, s.client.stack(i).listConnections().length, "client's stack " + i);
            assertEquals(0, s.server.stack(i).listConnections().length, "server's stack " + i);
        }
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
        s.network.check();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void movesInTheMiddleOfStreams(long seed) {
        Random random = new Random(seed);
        Simulation s = simulation(MemoryNetwork.LOSSLESS.withSlots(16 << random.nextInt(6)), seed);
        List<Program> programs = programs(s, random, 1 + random.nextInt(3), 1_000_000);
        programs.forEach(p -> p.piecesPerAct(2));
        int moves = run(s, random, programs, 100);
        assertTrue(moves > 20, "only " + moves + " moves");
        allGone(s, programs);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void movesOverAWireThatLoses(long seed) {
        Random random = new Random(seed);
        Simulation s = simulation(MemoryNetwork.lossy(Faults.all(0.02)), seed);
        List<Program> programs = programs(s, random, 2, 200_000);
        programs.forEach(p -> p.piecesPerAct(2));
        run(s, random, programs, 20);
        allGone(s, programs);
    }

    /** Between the same two stacks a thousand times: nothing grows. */
    @Test
    void thereAndBack() throws IOException {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        Simulation.Pair pair = s.connect();
        TcpConnection c = pair.server();
        for (int i = 0; i < 1_000; i++) {
            c.moveTo(s.server.stack(1 + i % 2));
            pair.client().write(ByteBuffer.wrap(new byte[] {(byte) i}));
            s.settle();
            ByteBuffer b = ByteBuffer.allocate(2);
            assertEquals(1, c.read(b));
            assertEquals((byte) i, b.get(0));
            assertEquals(s.server.stack(1 + i % 2), c.stack());
            c.write(ByteBuffer.wrap(new byte[] {(byte) i}));
            s.settle();
            assertEquals(1, pair.client().read(b.clear()));
        }
        for (int i = 0; i < STACKS; i++) {
            assertEquals(1, s.server.stack(i).listConnections().length, "entries in table " + i);
        }
        pair.client().close();
        s.settle();
        c.close();
        s.settle();
        for (int i = 0; i < STACKS; i++) {
            assertEquals(0, s.server.stack(i).listConnections().length, "entries in table " + i);
        }
    }

    @Test
    void theLastOfTwoMovesWins() {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        TcpConnection c = s.connect().server();
        assertTrue(s.server.stack(0).tryOwn());
        c.moveTo(s.server.stack(1));
        c.moveTo(s.server.stack(2));
        s.server.stack(0).disown();
        s.settle();
        assertEquals(s.server.stack(2), c.stack());

        assertTrue(s.server.stack(2).tryOwn());
        c.moveTo(s.server.stack(1));
        c.moveTo(s.server.stack(2));
        s.server.stack(2).disown();
        s.settle();
        assertEquals(s.server.stack(2), c.stack());
    }

    /** The old stack's thread is busy elsewhere; small messages go on arriving at the new one. */
    @Test
    void theOldStackIsNotPolledForLong() throws IOException {
        Simulation s = simulation(MemoryNetwork.LOSSLESS.withSlots(64), 1);
        Simulation.Pair pair = s.connect();
        TcpConnection c = pair.server();
        long sent = 0;
        for (int i = 0; i < 20; i++) {
            sent += pair.client().write(message(sent));
        }
        c.moveTo(s.server.stack(1));
        for (int i = 0; i < 50_000; i++) {
            poll(s.client, 0);
            sent += pair.client().write(message(sent));
            poll(s.server, 1);
        }
        assertEquals(TcpState.ESTABLISHED, c.state());
        long read = 0;
        ByteBuffer b = ByteBuffer.allocate(100_000);
        while (read < sent) {
            s.settle();
            int n = c.read(b.clear());
            assertTrue(n > 0, read + " of " + sent);
            for (int i = 0; i < n; i++) {
                assertEquals(Program.at(read + i, 5), b.get(i));
            }
            read += n;
        }
    }

    private static ByteBuffer message(long position) {
        ByteBuffer b = ByteBuffer.allocate(40);
        for (int i = 0; i < b.capacity(); i++) {
            b.put(i, Program.at(position + i, 5));
        }
        return b;
    }

    @Test
    void moveInSynSent() {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        TcpConnection c = s.client.connect(s.server, 50_000, Simulation.SERVICE, () -> {});
        c.moveTo(s.client.stack(1));
        s.settle();
        assertEquals(TcpState.ESTABLISHED, c.state());
        assertEquals(s.client.stack(1), c.stack());
    }

    @Test
    void moveOfAClosedConnection() {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        Simulation.Pair pair = s.connect();
        pair.client().abort();
        s.settle();
        pair.server().moveTo(s.server.stack(1));
        s.settle();
        pair.server().close();
        pair.client().close();
        s.settle();
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
    }

    /** A close lets a move happen that had to wait for room: the new owner closes then, and nobody before. */
    @Test
    void aCloseThatSetsOffTheMoveIsTheNewOwners() throws IOException {
        Simulation s = simulation(MemoryNetwork.LOSSLESS.withSlots(8), 1);
        Simulation.Pair pair = s.connect();
        TcpConnection c = pair.server();
        NetworkStack before = s.server.stack(0);
        NetworkStack after = s.server.stack(1);
        int sent = 0;
        // More than the ring holds: the peer doesn't poll.
        for (int i = 0; i < 12; i++) {
            sent += c.write(ByteBuffer.allocate(60_000));
        }
        c.moveTo(after);
        assertEquals(before, c.stack(), "nothing holds it");
        poll(s.client, 0);

        assertTrue(after.tryOwn());
        c.close();
        assertEquals(after, c.stack(), "the round before the close moves it");
        assertEquals(TcpState.ESTABLISHED, c.state(), "closed by somebody who doesn't own it");
        after.disown();
        assertEquals(TcpState.FIN_WAIT_1, c.state());

        s.settle();
        ByteBuffer b = ByteBuffer.allocate(sent + 1);
        assertEquals(sent, pair.client().read(b));
        assertEquals(-1, pair.client().read(b));
        pair.client().close();
        s.settle();
        for (int i = 0; i < STACKS; i++) {
            assertEquals(0, s.server.stack(i).listConnections().length, "entries in table " + i);
        }
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
    }

    /** The peer dies while a connection is on its way; whoever hears of it first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void thePeerDiesDuringAMove(int variant) {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        Simulation.Pair pair = s.connect();
        TcpConnection c = pair.server();
        if ((variant & 1) != 0) {
            c.moveTo(s.server.stack(2));
            s.settle();
        }
        // Nobody takes over before the news comes.
        assertTrue(s.server.stack(1).tryOwn());
        c.moveTo(s.server.stack(1));
        if ((variant & 2) != 0) {
            poll(s.server, 0);
        }
        s.client.port.die();
        poll(s.server, 0);
        poll(s.server, 2);
        s.server.stack(1).disown();
        for (int i = 0; i < 3; i++) {
            s.server.poll();
        }
        assertTrue((c.readiness() & Readiness.READ) != 0, c + " heard nothing");
    }

    /** What the dead peer had sent to the old stack comes before the end of the stream. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lastWordsToTheOldStack(boolean newStackFirst) throws IOException {
        Simulation s = simulation(MemoryNetwork.LOSSLESS, 1);
        Simulation.Pair pair = s.connect();
        TcpConnection c = pair.server();
        pair.client().write(ByteBuffer.allocate(5_000));
        c.moveTo(s.server.stack(1));
        s.client.port.die();
        if (newStackFirst) {
            poll(s.server, 1);
            poll(s.server, 1);
        }
        for (int i = 0; i < 5; i++) {
            poll(s.server, 0);
            poll(s.server, 1);
        }
        ByteBuffer b = ByteBuffer.allocate(10_000);
        assertEquals(5_000, c.read(b));
        assertEquals(-1, c.read(b));
    }
}
