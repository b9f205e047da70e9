package io.ringway.bench.jmh;

import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the stack does for a message, on one thread and beside the device: write, segment, poll, parse, demultiplex,
 * process, read. With {@code -prof gc}: does it allocate?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SegmentBenchmark {
    private static final int CLIENT_PORT = 40_000;

    /** Bytes of a message. */
    @Param({"64", "1024", "65536"})
    public int size;

    private final StackPair stacks = new StackPair();
    private final TcpConnection client = stacks.connect(CLIENT_PORT);
    private final TcpConnection server = stacks.accept();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    @Setup
    public void allocate() {
        buffer = ByteBuffer.allocateDirect(size);
    }

    /** One message there. */
    @Benchmark
    public int oneWay() throws IOException {
        int moved = move(client, server);
        stacks.poll(stacks.client);
        return moved;
    }

    /** One message there and back: what a ping-pong costs both sides together. */
    @Benchmark
    public int roundTrip() throws IOException {
        return move(client, server) + move(server, client);
    }

    private int move(TcpConnection from, TcpConnection to) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (from.write(buffer) == 0) {
                throw new IllegalStateException("No room");
            }
        }
        stacks.poll(to.stack());
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (to.read(buffer) <= 0) {
                throw new IllegalStateException("Nothing to read after " + buffer.position() + " bytes");
            }
        }
        return size;
    }
}
