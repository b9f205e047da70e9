package io.ringway.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/** Memory of direct buffers by its address. Any thread. */
public final class DirectMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private DirectMemory() {}

    /**
     * Where the first byte of a direct buffer is, position 0. It stays there for as long as the buffer is reachable.
     *
     * @return 0 for any other buffer, and for those whose memory another thread may free at any time (shared arenas)
     */
    public static long address(ByteBuffer buffer) {
        try {
            return buffer instanceof DirectBuffer direct ? direct.address() : 0;
        } catch (UnsupportedOperationException | IllegalStateException | WrongThreadException e) {
            // Whoever copies from it by the public way hears what is wrong.
            return 0;
        }
    }

    /** Copies from an address; the caller keeps what is there reachable. */
    public static void copy(long from, MemorySegment target, long at, int length) {
        MemorySegment.copy(ALL, from, target, at, length);
    }
}
