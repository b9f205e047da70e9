package io.ringway.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.Program;
import io.ringway.stack.memory.Simulation;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a connection accepts ahead of a reader that reads, and of one that doesn't. */
class SendBufferTest {
    private static final int MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    private final Simulation s = new Simulation(MemoryNetwork.LOSSLESS.withFrames(640), 1);
    private final StackSettings settings = StackSettings.defaults();
    private final ByteBuffer target = ByteBuffer.allocateDirect(128 << 10);
    private int told;

    @AfterEach
    void contract() {
        s.network.check();
    }

    private Simulation.Pair connect() {
        Simulation.Pair pair = s.connect();
        pair.client().observer(() -> told++);
        told = 0;
        return pair;
    }

    /** Writes until nothing is accepted any more. */
    private static long fill(TcpConnection c, int piece, Runnable between) throws IOException {
        ByteBuffer source = ByteBuffer.allocateDirect(piece);
        long accepted = 0;
        while (true) {
            source.clear();
            int n = c.write(source);
            accepted += n;
            between.run();
            if (n == 0 && c.write(source) == 0) {
                return accepted;
            }
        }
    }

    private long drain(TcpConnection c, long most) throws IOException {
        long total = 0;
        while (total < most) {
            target.clear().limit((int) Math.min(target.capacity(), most - total));
            int n = c.read(target);
            if (n <= 0) {
                return total;
            }
            total += n;
        }
        return total;
    }

    private void everythingArrives(Simulation.Pair pair, long accepted) throws IOException {
        long read = 0;
        for (int i = 0; read < accepted && i < 100_000; i++) {
            s.settle();
            read += drain(pair.server(), Long.MAX_VALUE);
        }
        assertEquals(accepted, read);
    }

    // ---- stalled ----

    /** A program of one thread writes and does not come to read before. */
    @ParameterizedTest
    @CsvSource({"65536,false", "1024,false", "1,false", "65536,true", "1024,true", "1,true"})
    void aReaderThatDoesNotRead(int piece, boolean peerPolls) throws IOException {
        Simulation.Pair pair = connect();
        int[] calls = new int[1];
        long accepted = fill(pair.client(), piece, () -> {
            if (peerPolls && (++calls[0] & 15) == 0) {
                s.server.poll();
            }
        });
        assertTrue(accepted >= 4 * MIB, "accepted " + accepted);
        assertTrue(accepted <= settings.sendBufferLimit(), "accepted " + accepted);
        everythingArrives(pair, accepted);
    }

    @Test
    void oneLargeWrite() throws IOException {
        Simulation.Pair pair = connect();
        ByteBuffer source = ByteBuffer.allocate(5 * MIB);
        int calls = 0;
        while (source.hasRemaining() && pair.client().write(source) > 0) {
            calls++;
        }
        assertTrue(source.position() >= 4 * MIB, "accepted " + source.position() + " in " + calls + " calls");
        everythingArrives(pair, source.position());
    }

    @Test
    void gatheringWrites() throws IOException {
        Simulation.Pair pair = connect();
        long accepted = 0;
        long n;
        do {
            ByteBuffer[] parts = {ByteBuffer.allocate(700), ByteBuffer.allocate(40_000), ByteBuffer.allocate(9)};
            n = pair.client().write(parts, 0, 3);
            accepted += n;
        } while (n > 0);
        assertTrue(accepted >= 4 * MIB, "accepted " + accepted);
        everythingArrives(pair, accepted);
    }

    /** What was said before does not count. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 100_000, 3_000_000})
    void stallsAfterATalk(int before) throws IOException {
        Simulation.Pair pair = connect();
        byte[] message = new byte[100];
        for (int sent = 0; sent < before; sent += message.length) {
            pair.client().write(ByteBuffer.wrap(message));
            s.server.poll();
            drain(pair.server(), Long.MAX_VALUE);
            if (sent % 3 == 0) {
                pair.server().write(ByteBuffer.wrap(message));
                s.client.poll();
                drain(pair.client(), Long.MAX_VALUE);
            }
        }
        long accepted = fill(pair.client(), 65_536, () -> {});
        assertTrue(accepted >= 4 * MIB, "accepted " + accepted);
        everythingArrives(pair, accepted);
    }

    /** A stream runs full, then its reader stops: after a moment without progress the rest is accepted too. */
    @Test
    void stallsInTheMiddleOfAStream() throws IOException {
        Simulation.Pair pair = connect();
        long accepted = 0;
        long read = 0;
        for (int i = 0; i < 100; i++) {
            accepted += fill(pair.client(), 65_536, () -> {});
            s.settle();
            read += drain(pair.server(), 300_000);
            s.settle();
        }
        accepted += fill(pair.client(), 65_536, s::settle);
        assertTrue(accepted - read <= 2L * settings.sendBuffer(), "ahead " + (accepted - read));
        told = 0;
        s.advance(SECOND);
        assertTrue(told > 0, "the writer is told");
        accepted += fill(pair.client(), 65_536, s::settle);
        assertTrue(accepted - read >= 4 * MIB, "ahead " + (accepted - read));
        everythingArrives(pair, accepted - read);
    }

    @Test
    void aSlowReaderHasNotStalled() throws IOException {
        Simulation.Pair pair = connect();
        long accepted = fill(pair.client(), 65_536, () -> {});
        long read = 0;
        long most = 0;
        for (int i = 0; i < 2_000; i++) {
            s.advance(SECOND / 1000);
            read += drain(pair.server(), 20_000);
            s.settle();
            accepted += fill(pair.client(), 65_536, s::settle);
            most = i < 1_000 ? 0 : Math.max(most, accepted - read);
        }
        assertTrue(most <= 2L * settings.sendBuffer(), "ahead " + most);
        everythingArrives(pair, accepted - read);
    }

    // ---- active ----

    @ParameterizedTest
    @ValueSource(ints = {65_536, 1_024, 64})
    void aReaderThatReads(int piece) throws IOException {
        Simulation.Pair pair = connect();
        ByteBuffer source = ByteBuffer.allocateDirect(piece);
        long accepted = 0;
        long read = 0;
        long most = 0;
        for (int i = 0; accepted < Math.min(20L * MIB, 80_000L * piece); i++) {
            source.clear();
            accepted += pair.client().write(source);
            if (i % 7 == 0) {
                s.server.poll();
                read += drain(pair.server(), 5L * piece);
            }
            if (accepted > 3 * MIB) {
                most = Math.max(most, accepted - read);
            }
        }
        assertTrue(most <= settings.sendBuffer() + 6L * piece + 256 * 1024, "ahead " + most);
        everythingArrives(pair, accepted - read);
    }

    // ---- told of room ----

    @Test
    void theWriterIsToldOfRoom() throws IOException {
        Simulation.Pair pair = connect();
        long accepted = fill(pair.client(), 65_536, s::settle);
        assertEquals(0, pair.client().readiness() & Readiness.WRITE);
        told = 0;
        long read = 0;
        while (told == 0) {
            read += drain(pair.server(), 10_000);
            s.settle();
            assertTrue(read <= accepted, "never told");
        }
        assertEquals(Readiness.WRITE, pair.client().readiness() & Readiness.WRITE);
        assertTrue(pair.client().write(ByteBuffer.allocate(1)) == 1);
        everythingArrives(pair, accepted - read + 1);
    }

    /** A hundred times full and empty, a program that acts only when told never waits in vain. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void stopAndGo(long seed) {
        Simulation.Pair pair = s.connect();
        int total = 30 * MIB;
        Program writer = new Program(pair.client(), 1, 2, total, 0, 300_000, seed);
        Program reader = new Program(pair.server(), 2, 1, 0, total, 300_000, seed);
        java.util.Random random = new java.util.Random(seed);
        reader.readAllowance(0);
        while (!writer.isDone() || !reader.isDone()) {
            boolean acted = writer.act() | reader.act();
            if (!acted && !s.step() && !writer.isTold() && !reader.isTold()) {
                reader.readAllowance(1 + random.nextInt(MIB));
                assertTrue(!reader.isDone() || !writer.isDone(), writer + " " + reader);
            }
        }
        assertEquals(total, reader.received());
    }

    // ---- one process with itself ----

    /** One thread connects to its own listener, writes 4 MB, and only then accepts and reads. */
    @Test
    void oneThreadWithItself() throws IOException {
        TcpConnection c = s.server.connect(s.server, 50_000, Simulation.SERVICE, () -> told++);
        s.settle();
        byte[] data = new byte[4_000_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = Program.at(i, 9);
        }
        ByteBuffer source = ByteBuffer.wrap(data);
        while (source.hasRemaining()) {
            assertTrue(c.write(source) > 0, "accepted " + source.position());
        }
        TcpConnection accepted = s.listener.accept();
        ByteBuffer all = ByteBuffer.allocate(data.length);
        for (int i = 0; all.hasRemaining() && i < 1_000_000; i++) {
            accepted.read(all);
        }
        org.junit.jupiter.api.Assertions.assertArrayEquals(data, all.array());
        c.close();
        accepted.close();
        s.settle();
        assertEquals(0, s.network.outstanding(), s.network::describeOutstanding);
    }
}
