package io.ringway.nio;

import io.ringway.RegisteredBuffer;
import io.ringway.RegisteredBuffers;
import io.ringway.nic.offload.FrameLoan;
import io.ringway.nic.offload.RegisteredMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RegisteredBuffers} does with channels: on an accelerated one frames change hands, any other one reads and
 * writes as ever. Any thread.
 */
public final class RegisteredTransfer {
    private final @Nullable Datapath datapath;

    private RegisteredTransfer(@Nullable Datapath datapath) {
        this.datapath = datapath;
    }

    /** With the memory of the provider that {@code channel} comes from. */
    public static RegisteredTransfer of(SelectableChannel channel) {
        return new RegisteredTransfer(
                switch (Objects.requireNonNull(channel)) {
                    case RingwaySocketChannel c -> c.datapath;
                    case RingwayServerSocketChannel c -> c.datapath;
                    case PipeChannel c -> c.end().datapath();
                    default -> null;
                });
    }

    private @Nullable RegisteredMemory memory() {
        return datapath == null ? null : datapath.registered();
    }

    /** See {@link RegisteredBuffers#allocate}. */
    public RegisteredBuffer allocate(int size) {
        Datapath d = datapath;
        RegisteredMemory m = memory();
        FrameLoan loan = d == null || m == null || size == 0 || size > m.largest() ? null : m.lend(size, d::reclaim);
        return loan == null ? LentBuffer.ofOrdinary(ByteBuffer.allocate(size)) : LentBuffer.of(loan);
    }

    /** See {@link RegisteredBuffers#write(GatheringByteChannel, RegisteredBuffer...)}. */
    public long write(GatheringByteChannel channel, RegisteredBuffer... buffers) throws IOException {
        LentBuffer[] lent = new LentBuffer[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            if (!(buffers[i] instanceof LentBuffer buffer)) {
                throw new IllegalArgumentException("not a buffer of RegisteredBuffers: " + buffers[i]);
            }
            for (int j = 0; j < i; j++) {
                if (lent[j] == buffer) {
                    throw new IllegalArgumentException("the same buffer twice");
                }
            }
            // A dead one is refused before anything is written.
            Objects.requireNonNull(buffer.buffer());
            lent[i] = buffer;
        }
        AcceleratedPath path = accelerated(channel);
        return path == null ? copy(channel, lent) : new AcceleratedReferences(path).write(lent);
    }

    /** See {@link RegisteredBuffers#write(GatheringByteChannel, ByteBuffer)}. */
    public long write(GatheringByteChannel channel, ByteBuffer source) throws IOException {
        AcceleratedPath path = accelerated(channel);
        RegisteredMemory m = memory();
        FrameLoan loan = path == null || m == null || !source.hasRemaining() ? null : m.find(source);
        if (path == null || loan == null) {
            int n = channel.write(source);
            countCopied(n);
            return n;
        }
        return new AcceleratedReferences(path).write(LentBuffer.of(loan, source));
    }

    /** See {@link RegisteredBuffers#receive}. */
    public @Nullable RegisteredBuffer receive(ReadableByteChannel channel) throws IOException {
        AcceleratedPath path = accelerated(channel);
        return path == null ? copyOut(channel) : new AcceleratedReferences(path).receive();
    }

    /** The path of a channel on which frames change hands, or null. */
    private static @Nullable AcceleratedPath accelerated(Object channel) {
        return channel instanceof RingwaySocketChannel c && c.path() instanceof AcceleratedPath path ? path : null;
    }

    private long copy(GatheringByteChannel channel, LentBuffer[] lent) throws IOException {
        ByteBuffer[] sources = new ByteBuffer[lent.length];
        for (int i = 0; i < lent.length; i++) {
            sources[i] = lent[i].buffer();
        }
        long n = channel.write(sources);
        countCopied(n);
        for (LentBuffer buffer : lent) {
            if (buffer.buffer().hasRemaining()) {
                break;
            }
            buffer.release();
        }
        return n;
    }

    private @Nullable RegisteredBuffer copyOut(ReadableByteChannel channel) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(RegisteredBuffers.MAX_SIZE);
        int n = channel.read(target);
        countCopied(n);
        if (n <= 0) {
            return n < 0 ? LentBuffer.endOfStream() : null;
        }
        return LentBuffer.ofOrdinary(target.flip().asReadOnlyBuffer());
    }

    private void countCopied(long bytes) {
        RegisteredMemory m = memory();
        if (m != null && bytes > 0) {
            m.countCopied(bytes);
        }
    }
}
