package io.ringway;

import io.ringway.nio.RegisteredTransfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * Input and output without a copy (M12). NIO's own {@code write} and {@code read} leave the buffer with the program, so
 * that they must copy, once each way. Here the memory changes hands instead: a buffer is lent, filled, and given away by
 * {@link #write}; received bytes are lent where they stand, by {@link #receive}, and released.
 *
 * <pre>{@code
 * RegisteredBuffers buffers = RegisteredBuffers.of(channel);
 * RegisteredBuffer out = buffers.allocate(RegisteredBuffers.MAX_SIZE);
 * fill(out.buffer());
 * out.buffer().flip();
 * buffers.write(channel, out);                 // in blocking mode: it is gone now
 *
 * try (RegisteredBuffer in = buffers.receive(channel)) {
 *     consume(in.buffer());
 * }
 * }</pre>
 *
 * <p>It works with every channel. Where there is no such memory (a connection on the kernel's path, a pipe, another
 * provider's channel, one that isn't connected, the bound {@code ringway.registered.memory} reached), ordinary memory
 * takes its place, and the bytes are copied as always; the management bean counts that. Modes, locks, exceptions and
 * partial transfers are those of the channel's own {@code read} and {@code write}, and the calls may be mixed with those.
 *
 * <p>Lent memory survives the end of its channel, the death of the peer, and a connection's move to another selector: it
 * goes back when it is released. What the program forgets goes back some time after the garbage collector has found it.
 * Bytes that were received and not released count as in the receive buffer: a peer can send less meanwhile, and when a
 * connection has lent half a megabyte, or the process as much as it may, {@link #receive} copies. Any thread, but each
 * buffer stays with its own.
 */
public final class RegisteredBuffers {
    /** Bytes that a buffer can have at most. */
    public static final int MAX_SIZE = 1 << 16;

    private final RegisteredTransfer transfer;

    private RegisteredBuffers(RegisteredTransfer transfer) {
        this.transfer = transfer;
    }

    /** The buffers for channels like this one: those that come from the same provider share the memory. Never fails. */
    public static RegisteredBuffers of(SelectableChannel channel) {
        return new RegisteredBuffers(RegisteredTransfer.of(channel));
    }

    /**
     * Lends a buffer to be filled and sent. Its content is undefined.
     *
     * @param size bytes, from 0 to {@link #MAX_SIZE}
     * @return a buffer with position 0 and limit {@code size}; ordinary memory where there is no other
     * @throws IllegalArgumentException for another size
     */
    public RegisteredBuffer allocate(int size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size " + size + ", not 0 to " + MAX_SIZE);
        }
        return transfer.allocate(size);
    }

    /**
     * Writes what stands between position and limit of each buffer, in order, as a gathering write does. A buffer of which
     * everything was taken is dead; what can't be taken in non-blocking mode stays with the program. A buffer of the
     * NIC's memory is taken whole or not at all, an ordinary one perhaps in part.
     *
     * @return bytes taken
     * @throws IOException as the channel's {@code write}; buffers that are not dead may be used on
     * @throws IllegalStateException when a buffer was sent or released
     * @throws IllegalArgumentException for a buffer of another maker, or one twice
     * @throws WrongThreadException when a buffer of the NIC's memory belongs to another thread
     */
    public long write(GatheringByteChannel channel, RegisteredBuffer... buffers) throws IOException {
        return transfer.write(channel, buffers);
    }

    /**
     * Writes what remains in a byte buffer. Lies all of that in a buffer that was lent by {@link #allocate} (the byte
     * buffer is it, or a slice or duplicate of it), then it is taken without a copy, and that buffer is dead; anything
     * else is written as the channel's {@code write} does, and the position advances.
     *
     * @return bytes taken
     * @throws IOException as the channel's {@code write}
     */
    public long write(GatheringByteChannel channel, ByteBuffer source) throws IOException {
        return transfer.write(channel, source);
    }

    /**
     * Reads what comes next. In blocking mode, waits for it.
     *
     * @return a buffer to be released, with one byte or more; or one that {@linkplain RegisteredBuffer#isEndOfStream()
     *     tells the end}; or null when nothing is there in non-blocking mode
     * @throws ClosedChannelException and others as the channel's {@code read}
     */
    public @Nullable RegisteredBuffer receive(ReadableByteChannel channel) throws IOException {
        return transfer.receive(channel);
    }
}
