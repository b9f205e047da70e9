package io.ringway.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory for the arguments of one system call. Read and written through a buffer in native byte order, which
 * starts faster than the layouts' handles. Lives until {@link #close()}; the thread that made it.
 */
final class Struct implements AutoCloseable {
    final ByteBuffer bytes;
    final long address;
    private final Arena arena;

    Struct(int size) {
        this(size, Arena.ofConfined());
    }

    private Struct(int size, Arena arena) {
        this.arena = arena;
        MemorySegment segment = arena.allocate(size, 8);
        this.address = segment.address();
        this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Memory that any thread may use and that is never freed. */
    static Struct permanent(int size) {
        return new Struct(size, Arena.global());
    }

    /** Memory that any thread may use; freed when the object becomes unreachable, so keep it reachable in calls. */
    static Struct collected(int size) {
        return new Struct(size, Arena.ofAuto());
    }

    /** A zero-terminated copy of {@code text}. */
    static Struct text(byte[] text) {
        Struct struct = new Struct(text.length + 1);
        struct.bytes.put(0, text);
        return struct;
    }

    /** Only for structures made by the constructor and by {@link #text}. */
    @Override
    public void close() {
        arena.close();
    }
}
