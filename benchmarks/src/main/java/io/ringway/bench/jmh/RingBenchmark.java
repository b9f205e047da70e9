package io.ringway.bench.jmh;

import io.ringway.nic.DeviceQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A device queue's own cost per frame, on one thread: no cache line changes its core. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RingBenchmark {
    private static final int BATCH = 16;
    private static final int SMALL = 64;
    private static final int LARGE = 1 << 14;

    private final RingPair rings = RingPair.open();
    private final RingPair.Sink sink = new RingPair.Sink(rings.second);

    /** Send and receive one slot. */
    @Benchmark
    public int inline() {
        RingPair.sendInline(rings.first, rings.link, SMALL);
        return rings.second.receive(sink, 1);
    }

    /** Send and receive slots in batches. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int inlineBatch() {
        for (int i = 0; i < BATCH; i++) {
            RingPair.sendInline(rings.first, rings.link, SMALL);
        }
        return rings.second.receive(sink, BATCH);
    }

    /** Send, receive, release and reuse one frame, its payload untouched. */
    @Benchmark
    public int frame() {
        RingPair.sendFrame(rings.first, rings.link, LARGE);
        return rings.second.receive(sink, 1);
    }

    /** A look at a queue that has received nothing. */
    @Benchmark
    public int emptyPoll() {
        DeviceQueue queue = rings.first;
        return queue.receive(sink, 1);
    }

    @TearDown
    public void close() throws Exception {
        rings.close();
    }
}
