package io.ringway;

import java.nio.ByteBuffer;

/**
 * A buffer that {@link RegisteredBuffers} lent: memory of the NIC itself where that could be had, ordinary memory
 * elsewhere. It belongs to the thread that it was lent to.
 *
 * <p>It lives until it is sent whole or released. From then on, access to {@link #buffer()}, or to any slice or duplicate
 * of it, is an IllegalStateException, also if the program has kept the byte buffer; the memory may hold bytes of others
 * then, and can't be reached by this way any more. Access to memory of the NIC on another thread is a
 * WrongThreadException (an unchecked one), as for a confined {@link java.lang.foreign.Arena}; to give data to another
 * thread, copy it. With ordinary memory, only {@link #buffer()} itself is refused afterwards: the byte buffer is the
 * garbage collector's, and shares nothing with anybody.
 */
public interface RegisteredBuffer extends AutoCloseable {
    /**
     * The bytes; always the same object. To send, those between its position and its limit count. Its order is big-endian.
     *
     * <p>Received bytes are read-only, and where {@link #isByReference()} they stand in the memory of the process that
     * sent them: a process that doesn't keep the rules can change them while they are read. What is interpreted must be
     * copied first, or come from a process that is trusted.
     *
     * <p>Native code, and libraries that work on a buffer's address, go past all checks: they must have ended before the
     * buffer is sent or released. The memory may be unmapped afterwards.
     *
     * @throws IllegalStateException when the buffer was sent or released
     */
    ByteBuffer buffer();

    /** Whether it is memory of the NIC; otherwise it is copied, or was. */
    boolean isByReference();

    /** Received, with no bytes: none will come any more. */
    boolean isEndOfStream();

    /**
     * Gives the memory back. Does nothing when it was sent or released.
     *
     * @throws WrongThreadException on another thread than the one it was lent to, for memory of the NIC
     */
    void release();

    /** The same as {@link #release()}. */
    @Override
    default void close() {
        release();
    }
}
