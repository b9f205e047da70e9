package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The client of {@link FloorSinkServer}. */
final class FloorStreamLoad extends ThreadLoad {
    private final SharedFile file;
    private final int size;
    private final int ring;
    private Meter meter = new Meter(new Phases());

    FloorStreamLoad(Options options) throws IOException {
        super(false);
        file = SharedFile.open(Path.of(options.text("address", "")));
        size = options.integer("size", 1 << 16);
        ring = options.integer("ring", 1 << 21);
    }

    @Override
    protected void run(Phases phases) {
        meter = new Meter(phases);
        MemorySegment piece = Arena.global().allocate(size);
        started();
        long written = 0;
        long read = 0;
        do {
            if (written + size - read > ring) {
                read = file.await(FloorSinkServer.READ, written + size - ring);
            }
            copy(piece, written & (ring - 1));
            written += size;
            file.release(FloorSinkServer.WRITTEN, written);
        } while (meter.recordBytes(size));
        file.await(FloorSinkServer.READ, written);
    }

    private void copy(MemorySegment piece, long offset) {
        long first = Math.min(size, ring - offset);
        MemorySegment.copy(piece, 0, file.segment(), FloorSinkServer.RING + offset, first);
        if (first < size) {
            MemorySegment.copy(piece, first, file.segment(), FloorSinkServer.RING, size - first);
        }
    }

    @Override
    public void report(Result result) {
        result.put("size", size).put("messages", meter.messages()).put("bytes", meter.bytes());
    }

    @Override
    public void close() {
        file.release(FloorSinkServer.WRITTEN, SharedFile.CLOSED);
    }
}
