package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The client of {@link FloorEchoServer}. */
final class FloorPingLoad extends ThreadLoad {
    private final SharedFile file;
    private final int size;
    private final boolean beside;
    private Meter meter = new Meter(new Phases());

    FloorPingLoad(Options options) throws IOException {
        super(false);
        file = SharedFile.open(Path.of(options.text("address", "")));
        size = options.integer("size", 64);
        beside = options.flag("stamp_beside");
    }

    @Override
    protected void run(Phases phases) {
        meter = new Meter(phases);
        MemorySegment shared = file.segment();
        MemorySegment buffer = Arena.global().allocate(size, Long.BYTES);
        long skip = beside ? 0 : Long.BYTES;
        started();
        long now = System.nanoTime();
        long sent;
        long stamp = 0;
        do {
            sent = now;
            stamp++;
            MemorySegment.copy(buffer, skip, shared, FloorEchoServer.REQUEST + Long.BYTES, size - skip);
            file.release(FloorEchoServer.REQUEST, stamp);
            file.await(FloorEchoServer.ANSWER, stamp);
            MemorySegment.copy(shared, FloorEchoServer.ANSWER + Long.BYTES, buffer, skip, size - skip);
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
