package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The floor under all streams: copies bytes out of a ring in shared memory into a buffer, spinning on the writer's
 * cursor. One copy in, one copy out.
 */
final class FloorSinkServer implements PairServer {
    /** Where the writer's cursor lies: bytes written so far. */
    static final long WRITTEN = 0;
    /** Where the reader's cursor lies: bytes read so far. */
    static final long READ = 1 << 12;
    /** Where the ring begins. */
    static final long RING = 2 << 12;

    private final ServerMeter meter = new ServerMeter();
    private final SharedFile file;
    private final int buffer;
    private final int ring;
    private long bytes;

    FloorSinkServer(Options options) throws IOException {
        buffer = options.integer("buffer", 1 << 16);
        ring = options.integer("ring", 1 << 21);
        file = SharedFile.create((int) RING + ring);
    }

    @Override
    public String address() {
        return file.path().toString();
    }

    @Override
    public void serve() {
        MemorySegment shared = file.segment();
        MemorySegment target = Arena.global().allocate(buffer);
        while (true) {
            long written = file.await(WRITTEN, bytes + 1);
            if (written == SharedFile.CLOSED) {
                return;
            }
            long offset = bytes & (ring - 1);
            long length = Math.min(Math.min(written - bytes, buffer), ring - offset);
            MemorySegment.copy(shared, RING + offset, target, 0, length);
            bytes += length;
            file.release(READ, bytes);
            meter.message();
        }
    }

    @Override
    public long progress() {
        return meter.messages();
    }

    @Override
    public void report(Result result) {
        meter.report(result);
        result.put("bytes", bytes);
    }

    @Override
    public void close() {}
}
