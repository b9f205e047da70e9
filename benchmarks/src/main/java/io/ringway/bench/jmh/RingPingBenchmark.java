package io.ringway.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A slot to a second thread and one back: a device queue's cost when cache lines do change their core. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RingPingBenchmark {
    private static final int SMALL = 64;
    private static final int SPINS_BEFORE_YIELD = 1_000;

    private final RingPair rings = RingPair.open();
    private final RingPair.Sink here = new RingPair.Sink(rings.first);
    private final RingPair.Sink there = new RingPair.Sink(rings.second);
    private volatile boolean running = true;
    private Thread echo = Thread.currentThread();

    @Setup
    public void start() {
        echo = Thread.ofPlatform().daemon().start(() -> {
            for (int spins = 1; running; spins++) {
                if (rings.second.receive(there, 1) > 0) {
                    RingPair.sendInline(rings.second, there.source(), SMALL);
                } else {
                    pause(spins);
                }
            }
        });
    }

    private static void pause(int spins) {
        if (spins % SPINS_BEFORE_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    public void roundTrip() {
        RingPair.sendInline(rings.first, rings.link, SMALL);
        for (int spins = 1; rings.first.receive(here, 1) == 0; spins++) {
            pause(spins);
        }
    }

    @TearDown
    public void close() throws Exception {
        running = false;
        echo.join();
        rings.close();
    }
}
