package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.stack.memory.Host;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Poller;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.memory.Talker;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs read, write, move and abort on threads of their own while others poll the stacks and sleep on their doorbells.
 * A notice, a request or a bell that is lost shows as a test that never ends.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {
    private static final int STACKS = 2;

    private final List<Poller> pollers = new ArrayList<>();

    private Simulation start(MemoryNetwork.Setup setup, long seed) {
        return new Simulation(setup, StackSettings.defaults(), STACKS, seed);
    }

    private void startPollers(Simulation s, int perHost) {
        for (Host host : List.of(s.client, s.server)) {
            for (int i = 0; i < perHost; i++) {
                Poller p = new Poller(host.stack(i), host.port.name() + " " + i);
                pollers.add(p);
                p.start();
            }
        }
    }

    private void finish(Simulation s, List<Talker> talkers) throws InterruptedException {
        for (Talker t : talkers) {
            t.finish();
        }
        for (Talker t : talkers) {
            while (t.connection().state() != TcpState.CLOSED) {
                Thread.sleep(1);
            }
        }
        assertNothingLeft(s);
    }

    private void assertNothingLeft(Simulation s) throws InterruptedException {
        for (Poller p : pollers) {
            p.finish();
        }
        s.settle();
        for (int i = 0; i < STACKS; i++) {
            assertEquals(0, s.client.stack(i).listConnections().length);
            assertEquals(0, s.server.stack(i).listConnections().length);
        }
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
        s.network.check();
    }

    private static List<Talker> talkers(
            Simulation s, Random random, int connections, int most, int piece, boolean mayFail) {
        List<Talker> talkers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Simulation.Pair pair = s.connect();
            long up = random.nextInt(most);
            long down = random.nextInt(most);
            talkers.add(new Talker(pair.client(), 2 * i, up, down, piece, random.nextLong(), mayFail));
            talkers.add(new Talker(pair.server(), 2 * i + 1, down, up, piece, random.nextLong(), mayFail));
        }
        return talkers;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void programsBesidePollers(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Simulation s = start(MemoryNetwork.LOSSLESS.withSlots(16 << random.nextInt(6)), seed);
        List<Talker> talkers = talkers(s, random, 2, 8 << 20, 1 << 8 + random.nextInt(9), false);
        startPollers(s, 1);
        talkers.forEach(Talker::start);
        finish(s, talkers);
    }

    /** Few slots and frames: every want of room has to be heard. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void programsBesidePollersShortOfEverything(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Simulation s = start(MemoryNetwork.LOSSLESS.withSlots(4).withFrames(6), seed);
        List<Talker> talkers = talkers(s, random, 2, 2 << 20, 1 << 6 + random.nextInt(9), false);
        startPollers(s, 1);
        talkers.forEach(Talker::start);
        finish(s, talkers);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void movesWhileProgramsTalk(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Simulation s = start(MemoryNetwork.LOSSLESS.withSlots(16 << random.nextInt(6)), seed);
        List<Talker> talkers = talkers(s, random, 2, 8 << 20, 1 << 6 + random.nextInt(9), false);
        startPollers(s, STACKS);
        talkers.forEach(Talker::start);
        int moves = 0;
        do {
            int i = random.nextInt(talkers.size());
            Host host = i % 2 == 0 ? s.client : s.server;
            talkers.get(i).connection().moveTo(host.stack(random.nextInt(STACKS)));
            moves++;
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50 + random.nextInt(400)));
        } while (talkers.stream().anyMatch(t -> t.connection().state() == TcpState.ESTABLISHED) && moves < 2_000);
        finish(s, talkers);
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void abortsWhileProgramsTalk(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Simulation s = start(MemoryNetwork.LOSSLESS, seed);
        startPollers(s, STACKS);
        for (int round = 0; round < 30; round++) {
            List<Talker> talkers = talkersBesidePollers(s, random, round);
            talkers.forEach(Talker::start);
            int aborting = random.nextInt(2);
            LockSupport.parkNanos(random.nextInt(2_000_000));
            if (random.nextBoolean()) {
                Host host = aborting == 0 ? s.client : s.server;
                talkers.get(aborting).connection().moveTo(host.stack(random.nextInt(STACKS)));
            }
            talkers.get(aborting).abandon();
            for (Talker t : talkers) {
                t.finish();
            }
        }
        assertNothingLeft(s);
    }

    private static List<Talker> talkersBesidePollers(Simulation s, Random random, int round) {
        TcpConnection c = s.client.connect(s.server, 20_000 + round, Simulation.SERVICE, () -> {});
        TcpConnection accepted = s.listener.accept();
        while (accepted == null) {
            Thread.yield();
            accepted = s.listener.accept();
        }
        while ((c.readiness() & Readiness.CONNECT) == 0) {
            Thread.yield();
        }
        long up = 1 << 24;
        Talker client = new Talker(c, 2, up, up, 30_000, random.nextLong(), true);
        return List.of(client, new Talker(accepted, 3, up, up, 30_000, random.nextLong(), true));
    }
}
