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
 * What writes cost that find the stack owned by somebody else (M6): bytes and requests are left, performed in batches when
 * the stack is let go, and read at the other end. One thread plays both the owner and the writers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestBenchmark {
    private static final int CLIENT_PORT = 40_000;
    private static final int SIZE = 64;
    private static final int WRITES = 2;

    /** Connections that are written to, twice each, while the stack is owned. */
    @Param({"1", "8", "64"})
    public int connections;

    /** The owner lets go after all writes, so that those of a connection are performed together; or after each. */
    @Param({"true", "false"})
    public boolean together;

    private final StackPair stacks = new StackPair();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(WRITES * SIZE);
    private TcpConnection[] clients = new TcpConnection[0];
    private TcpConnection[] servers = new TcpConnection[0];

    @Setup
    public void connect() {
        clients = new TcpConnection[connections];
        servers = new TcpConnection[connections];
        for (int i = 0; i < connections; i++) {
            clients[i] = stacks.connect(CLIENT_PORT + i);
            servers[i] = stacks.accept();
        }
    }

    /** Two messages over each connection. */
    @Benchmark
    public int writesBesideAnOwner() throws IOException {
        own();
        for (int n = 0; n < WRITES; n++) {
            for (TcpConnection client : clients) {
                client.write(buffer.clear().limit(SIZE));
                if (!together) {
                    stacks.client.disown();
                    own();
                }
            }
        }
        stacks.client.disown();
        while (stacks.poll(stacks.server) > 0) {
            // More than one poll takes.
        }
        int read = 0;
        for (TcpConnection server : servers) {
            read += server.read(buffer.clear());
        }
        stacks.poll(stacks.client);
        if (read != WRITES * SIZE * connections) {
            throw new IllegalStateException("Read " + read + " bytes");
        }
        return read;
    }

    private void own() {
        if (!stacks.client.tryOwn()) {
            throw new IllegalStateException("Owned by another thread");
        }
    }
}
