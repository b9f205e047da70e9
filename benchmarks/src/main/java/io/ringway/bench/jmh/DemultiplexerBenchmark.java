package io.ringway.bench.jmh;

import io.ringway.stack.Demultiplexer;
import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.TcpConnection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** Finding the connection of a segment, among few and among many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DemultiplexerBenchmark {
    private static final int FIRST_PORT = 10_000;

    /** Connections in the table. */
    @Param({"1", "64", "10000"})
    public int connections;

    private final Demultiplexer table = new Demultiplexer();
    private Segment[] segments = {};
    private int next;

    @Setup
    public void connect() {
        StackPair stacks = new StackPair();
        segments = new Segment[connections];
        for (int i = 0; i < connections; i++) {
            stacks.connect(FIRST_PORT + i);
            TcpConnection arrived = stacks.accept();
            table.add(arrived);
            segments[i] = segmentFor(arrived);
        }
    }

    private static Segment segmentFor(TcpConnection connection) {
        Segment segment = new Segment();
        segment.sourceHigh = connection.remote().high();
        segment.sourceLow = connection.remote().low();
        segment.sourcePort = connection.remote().port();
        segment.destinationHigh = connection.local().high();
        segment.destinationLow = connection.local().low();
        segment.destinationPort = connection.local().port();
        return segment;
    }

    /** The same connection again and again. */
    @Benchmark
    public @Nullable TcpConnection same() {
        return table.find(segments[0]);
    }

    /** A different one each time. */
    @Benchmark
    public @Nullable TcpConnection different() {
        next = next + 1 == segments.length ? 0 : next + 1;
        return table.find(segments[next]);
    }
}
