package io.ringway.bench.pairs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file in memory that two processes map: the least that two JVMs can talk through. */
final class SharedFile {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final int SPINS_BEFORE_YIELD = 1_000;

    /** Value of a stamp that says "no more". */
    static final long CLOSED = Long.MAX_VALUE;

    private final Path path;
    private final MemorySegment segment;

    private SharedFile(Path path) throws IOException {
        this.path = path;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), Arena.global());
        }
    }

    /** Makes a file of zeros, all of it reserved. */
    static SharedFile create(int size) throws IOException {
        Path path = Files.isDirectory(MEMORY)
                ? Files.createTempFile(MEMORY, "ringway-floor", "")
                : Files.createTempFile("ringway-floor", "");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(size);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
        return new SharedFile(path);
    }

    /** Opens the file of another process, and takes its name away: it lives as long as it is mapped. */
    static SharedFile open(Path path) throws IOException {
        SharedFile file = new SharedFile(path);
        Files.delete(path);
        return file;
    }

    Path path() {
        return path;
    }

    MemorySegment segment() {
        return segment;
    }

    long acquire(long offset) {
        return (long) LONG.getAcquire(segment, offset);
    }

    void release(long offset, long value) {
        LONG.setRelease(segment, offset, value);
    }

    /** Spins until the long at {@code offset} is at least {@code value}; returns it. */
    long await(long offset, long value) {
        for (int spins = 1; ; spins++) {
            long now = acquire(offset);
            if (now >= value) {
                return now;
            }
            if (spins % SPINS_BEFORE_YIELD == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
