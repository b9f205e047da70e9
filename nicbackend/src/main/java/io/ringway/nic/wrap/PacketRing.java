package io.ringway.nic.wrap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Blocks of a capture on their way from one device queue, whose owner is the producer, to the thread that writes the
 * file. Bounded: what finds no room is dropped and counted, and the queue goes on.
 */
final class PacketRing {
    /** Room for about sixty of the largest packets. */
    static final int SIZE = 4 << 20;

    private static final VarHandle PRODUCED = handle("produced");
    private static final VarHandle CONSUMED = handle("consumed");

    /** The number of the port whose packets they are, in the file. */
    final int port;

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, Long.BYTES);
    private final ByteBuffer bytes = memory.asByteBuffer();

    @SuppressWarnings("unused") // through PRODUCED too
    private long produced;

    @SuppressWarnings("unused") // through CONSUMED too
    private long consumed;

    /** The producer's. */
    private long claimed;

    private volatile long dropped;

    /** The consumer's. */
    private volatile long discarded;

    private volatile long taken;

    PacketRing(int port) {
        this.port = port;
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(PacketRing.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    MemorySegment memory() {
        return memory;
    }

    /** Producer: where a block of so many bytes, a multiple of 4, goes; -1 when there is no room (counted). */
    int claim(int length) {
        long at = produced;
        int index = (int) (at % SIZE);
        int skip = length > SIZE - index ? SIZE - index : 0;
        if (at + skip + length - (long) CONSUMED.getAcquire(this) > SIZE) {
            drop();
            return -1;
        }
        if (skip > 0) {
            // A block of type 0 and no length: go on at the start.
            memory.set(ValueLayout.JAVA_INT, index, 0);
        }
        claimed = at + skip;
        return (int) (claimed % SIZE);
    }

    void commit(int length) {
        PRODUCED.setRelease(this, claimed + length);
    }

    void drop() {
        dropped = dropped + 1;
    }

    /** Blocks that found no room, here or in the file. Any thread. */
    long dropped() {
        return dropped + discarded;
    }

    /** Blocks that were written. Any thread. */
    long taken() {
        return taken;
    }

    /**
     * Consumer: writes what is there. What does not fit is discarded and counted, with all that comes after it.
     *
     * @param most bytes that may still be written
     * @return bytes written
     */
    long drainTo(WritableByteChannel file, long most) throws IOException {
        long end = (long) PRODUCED.getAcquire(this);
        long at = consumed;
        long written = 0;
        while (at != end) {
            int index = (int) (at % SIZE);
            if (memory.get(ValueLayout.JAVA_INT, index) == 0) {
                at += SIZE - index;
                continue;
            }
            int length = memory.get(ValueLayout.JAVA_INT, index + Integer.BYTES);
            if (discarded > 0 || written + length > most) {
                discarded = discarded + 1;
            } else {
                ByteBuffer block = bytes.limit(index + length).position(index);
                while (block.hasRemaining()) {
                    file.write(block);
                }
                written += length;
                taken = taken + 1;
            }
            at += length;
            CONSUMED.setRelease(this, at);
        }
        return written;
    }

    /** Whether something did not fit into the file. Any thread. */
    boolean hasDiscarded() {
        return discarded > 0;
    }
}
