package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.Faults;
import io.ringway.stack.memory.Host;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Program;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpOptions;
import io.ringway.stack.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two whole stacks in virtual time: streams both ways over good and bad wires. The seed is in the test's name. */
class TransferTest {
    private static final long SECOND = 1_000_000_000L;

    private static void run(Simulation s, List<Program> programs) {
        for (int i = 0; !programs.stream().allMatch(Program::isDone); i++) {
            boolean acted = false;
            for (Program p : programs) {
                acted |= p.act();
            }
            if (!acted && !s.step() && programs.stream().noneMatch(Program::isTold)) {
                throw new AssertionError("stuck: " + programs);
            }
            assertTrue(i < 5_000_000, () -> "goes on for ever: " + programs);
        }
        s.advance(300 * SECOND);
        for (Program p : programs) {
            assertEquals(TcpState.CLOSED, p.connection().state(), p::toString);
            assertEquals(Failure.NONE, p.connection().failure(), p::toString);
        }
        assertEquals(0, s.client.stack().connections());
        assertEquals(0, s.server.stack().connections());
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
        s.network.check();
    }

    private static List<Program> programs(Simulation s, Random random, int connections, int most, int largestPiece) {
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            TcpOptions options = new TcpOptions();
            options.noDelay(random.nextBoolean());
            Simulation.Pair pair = s.connect(options);
            long up = random.nextInt(most);
            long down = random.nextInt(3) == 0 ? 0 : random.nextInt(most);
            long seed = random.nextLong();
            programs.add(new Program(pair.client(), 2 * i, 2 * i + 1, up, down, largestPiece, seed));
            programs.add(new Program(pair.server(), 2 * i + 1, 2 * i, down, up, largestPiece, seed));
        }
        return programs;
    }

    private static StackSettings buffers(int receive, int send, int limit) {
        StackSettings d = StackSettings.defaults();
        return new StackSettings(
                receive,
                send,
                limit,
                d.synWait(),
                d.connectTimeout(),
                d.finWait2(),
                d.timeWait(),
                d.keepAliveIdle(),
                d.receiveBatch());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void lossless(long seed) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.LOSSLESS, seed);
        run(s, programs(s, random, 1 + random.nextInt(4), 2 << 20, 200_000));
    }

    /** Rings with few slots, and few frames: everything that can be short is short. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void losslessAndShortOfEverything(long seed) {
        Random random = new Random(seed);
        MemoryNetwork.Setup setup =
                MemoryNetwork.LOSSLESS.withSlots(4 << random.nextInt(3)).withFrames(4 + random.nextInt(20));
        Simulation s = new Simulation(setup, seed);
        run(s, programs(s, random, 1 + random.nextInt(6), 1 << 20, 20_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void smallPieces(long seed) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.LOSSLESS.withSlots(64), seed);
        run(s, programs(s, random, 3, 100_000, 300));
    }

    @ParameterizedTest
    @CsvSource({"31,5000", "32,20000", "33,70000", "34,150000", "35,400000"})
    void smallBuffers(long seed, int buffer) {
        Random random = new Random(seed);
        Simulation s =
                new Simulation(MemoryNetwork.LOSSLESS, buffers(buffer, Math.max(4096, buffer / 3), buffer), 1, seed);
        run(s, programs(s, random, 2, 1 << 20, 30_000));
    }

    @ParameterizedTest
    @CsvSource({"41,0", "42,0.001", "43,0.01", "44,0.03", "45,0.05", "46,0.1", "47,0.1", "48,0.1"})
    void loss(long seed, double loss) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.lossy(Faults.loss(loss)), seed);
        run(s, programs(s, random, 2, loss > 0.01 ? 150_000 : 500_000, 20_000));
    }

    @ParameterizedTest
    @CsvSource({"51,0", "52,0.01", "53,0.02", "54,0.05", "55,0.1", "56,0.1", "57,0.05", "58,0.02", "59,0.1"})
    void lossDuplicationReorderingAndCorruption(long seed, double loss) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.lossy(Faults.all(loss)), seed);
        run(s, programs(s, random, 2, 100_000, 20_000));
    }

    /** Super-segments cut and collected by the pipelines; rings so short that most wait for room (M10, M11). */
    @ParameterizedTest
    @CsvSource({"71,4,1280", "72,8,1500", "73,16,1500", "74,64,9000", "75,512,1500", "76,4,20000", "77,8,1280"})
    void cutAndCollected(long seed, int slots, int mtu) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.cut(true, mtu, Faults.NONE).withSlots(slots), seed);
        run(s, programs(s, random, 1 + random.nextInt(4), 1 << 20, 200_000));
        check(s, slots * mtu < 1 << 16);
    }

    @ParameterizedTest
    @CsvSource({"81,0,1500", "82,0.001,1280", "83,0.01,1500", "84,0.05,1500", "85,0.1,9000"})
    void cutAndCollectedOverABadWire(long seed, double loss, int mtu) {
        Random random = new Random(seed);
        Simulation s = new Simulation(MemoryNetwork.cut(false, Math.min(mtu, 2048), Faults.all(loss)), seed);
        run(s, programs(s, random, 2, 400_000, 60_000));
        check(s, false);
    }

    private static void check(Simulation s, boolean heldBack) {
        Map<String, Long> sent = counters(s.client);
        Map<String, Long> received = counters(s.server);
        assertTrue(sent.get("superSegments") > 0, sent::toString);
        assertTrue(sent.get("segmentsCut") > sent.get("superSegments"), sent::toString);
        assertTrue(received.get("aggregatesOut") > 0, received::toString);
        assertTrue(received.get("segmentsOut") < received.get("segmentsIn"), received::toString);
        assertTrue(!heldBack || sent.get("superSegmentsHeldBack") > 0, sent::toString);
    }

    private static Map<String, Long> counters(Host host) {
        return host.nic.counters().get(host.port.name());
    }

    @ParameterizedTest
    @CsvSource({"61,3000", "62,10000", "63,65535", "64,65536", "65,200000"})
    void smallBuffersAndLoss(long seed, int buffer) {
        Random random = new Random(seed);
        Simulation s = new Simulation(
                MemoryNetwork.lossy(Faults.all(0.03)), buffers(buffer, Math.max(3000, buffer / 2), buffer), 1, seed);
        run(s, programs(s, random, 1, 60_000, 10_000));
    }
}
