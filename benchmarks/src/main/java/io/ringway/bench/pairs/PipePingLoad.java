package io.ringway.bench.pairs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Ping-pong of two threads of one process over two pipes, in blocking mode or with a selector for each thread. */
final class PipePingLoad extends ThreadLoad {
    private final boolean selecting;
    private final int size;
    private final Failures failures = new Failures();
    private Meter meter = new Meter(new Phases());

    PipePingLoad(Options options) {
        super(false);
        selecting = options.flag("selector");
        size = options.integer("size", 64);
    }

    /** One thread's end of both pipes. */
    private final class Side implements AutoCloseable {
        private final Pipe.SourceChannel in;
        private final Pipe.SinkChannel out;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        private final Selector selector = Selector.open();

        Side(Pipe in, Pipe out) throws IOException {
            this.in = in.source();
            this.out = out.sink();
            if (selecting) {
                this.in.configureBlocking(false);
                this.in.register(selector, SelectionKey.OP_READ);
            }
        }

        void send() throws IOException {
            buffer.clear();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        }

        /** Waits for a whole message; false at the end. */
        boolean receive() throws IOException {
            buffer.clear();
            while (buffer.hasRemaining()) {
                if (selecting) {
                    selector.select(key -> {});
                }
                if (in.read(buffer) < 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            out.close();
            in.close();
            selector.close();
        }
    }

    @Override
    protected void run(Phases phases) throws Exception {
        meter = new Meter(phases);
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        Thread echo = Thread.ofPlatform().start(failures.guard(() -> echo(there, back)));
        try (Side side = new Side(back, there)) {
            started();
            long now = System.nanoTime();
            long sent;
            do {
                sent = now;
                side.send();
                if (!side.receive()) {
                    throw new EOFException("The other thread closed the pipe");
                }
                now = System.nanoTime();
            } while (meter.record(sent, now));
        }
        echo.join();
        failures.rethrow();
    }

    private void echo(Pipe there, Pipe back) throws IOException {
        try (Side side = new Side(there, back)) {
            while (side.receive()) {
                side.send();
            }
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
        result.put("allocated_per_message", (double) meter.allocated() / Math.max(1, meter.messages()));
    }

    @Override
    public void close() {}
}
