package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The client of {@link FloorEchoServer}. */
final class FloorPingLoad extends ThreadLoad {
    private final SharedFile file;
    private final int size;
    private Meter meter = new Meter(new Phases());

    FloorPingLoad(Options options) throws IOException {
        super(false);
        file = SharedFile.open(Path.of(options.text("address", "")));
        size = options.integer("size", 64);
    }

    @Override
    protected void run(Phases phases) throws IOException {
        meter = new Meter(phases);
        MemorySegment shared = file.segment();
        MemorySegment buffer = Arena.global().allocate(size, Long.BYTES);
        started();
        long now = System.nanoTime();
        long sent;
        long stamp = 0;
        do {
            sent = now;
            stamp++;
            buffer.set(ValueLayout.JAVA_LONG, 0, stamp);
            MemorySegment.copy(buffer, 0, shared, FloorEchoServer.REQUEST + Long.BYTES, size);
            file.release(FloorEchoServer.REQUEST, stamp);
            file.await(FloorEchoServer.ANSWER, stamp);
            MemorySegment.copy(shared, FloorEchoServer.ANSWER + Long.BYTES, buffer, 0, size);
            if (buffer.get(ValueLayout.JAVA_LONG, 0) != stamp) {
                throw new IOException("The answer is not the message that was sent");
            }
            now = System.nanoTime();
        } while (meter.record(sent, now));
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("", meter.histogram());
    }

    @Override
    public void close() {
        file.release(FloorEchoServer.REQUEST, SharedFile.CLOSED);
    }
}
