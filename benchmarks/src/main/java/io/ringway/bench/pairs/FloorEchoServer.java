package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The floor under all ping-pong: copies each message out of shared memory into a buffer and from there back into shared
 * memory, spinning on a stamp.
 */
final class FloorEchoServer implements PairServer {
    /** Where the request lies; its first long is its stamp, or a stamp stands before it. */
    static final long REQUEST = 0;
    /** Where the answer lies, likewise. */
    static final long ANSWER = 1 << 13;

    private static final int FILE_SIZE = 1 << 14;

    private final ServerMeter meter = new ServerMeter();
    private final SharedFile file = SharedFile.create(FILE_SIZE);
    private final int size;
    private final boolean beside;

    FloorEchoServer(Options options) throws IOException {
        size = options.integer("size", 64);
        beside = options.flag("stamp_beside");
    }

    @Override
    public String address() {
        return file.path().toString();
    }

    @Override
    public void serve() {
        MemorySegment shared = file.segment();
        MemorySegment buffer = Arena.global().allocate(size);
        long skip = beside ? 0 : Long.BYTES;
        for (long next = 1; file.await(REQUEST, next) != SharedFile.CLOSED; next++) {
            MemorySegment.copy(shared, REQUEST + Long.BYTES, buffer, skip, size - skip);
            MemorySegment.copy(buffer, skip, shared, ANSWER + Long.BYTES, size - skip);
            file.release(ANSWER, next);
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
    }

    @Override
    public void close() {}
}
