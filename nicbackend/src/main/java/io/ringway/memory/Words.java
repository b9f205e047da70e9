package io.ringway.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in a native memory segment, by offset in bytes. Every access is checked against the segment's bounds, and
 * every store against its being read-only. Any thread.
 *
 * <p>Does what a {@link VarHandle} of the segment does, in a fifth of the calls. That is nothing to compiled code, but
 * most of what a message costs in a process that has just started, and of what the compiler has to do then. Where the
 * JDK's own package is not exported, it is the {@link VarHandle}. Either way, the memory's lifetime is the caller's
 * business: a segment of an arena that closes while it is in use doesn't belong here.
 */
public final class Words {
    private static final @Nullable Unsafe UNSAFE = unsafe();

    /** The longer way, loaded only where it is taken: making it takes a starting process several milliseconds. */
    private static final class Handles {
        static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
        static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        static final ValueLayout.OfLong NETWORK_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

        private Handles() {}
    }

    private final MemorySegment segment;
    private final long address;
    /** One more than the last offset at which eight bytes may be read, and written, and four bytes. */
    private final long readable;

    private final long writable;
    private final long readableInts;
    private final long writableInts;

    /**
     * The words of {@code segment}.
     *
     * @throws IllegalArgumentException where it is an array's
     */
    public Words(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("memory of the heap");
        }
        this.segment = segment;
        address = segment.address();
        readable = Math.max(0, segment.byteSize() - Long.BYTES + 1);
        readableInts = Math.max(0, segment.byteSize() - Integer.BYTES + 1);
        writable = segment.isReadOnly() ? 0 : readable;
        writableInts = segment.isReadOnly() ? 0 : readableInts;
    }

    private static @Nullable Unsafe unsafe() {
        try {
            return Unsafe.getUnsafe();
        } catch (LinkageError e) {
            return null;
        }
    }

    /** Whether the shorter way is open. */
    static boolean direct() {
        return UNSAFE != null;
    }

    /** The memory itself. */
    public MemorySegment segment() {
        return segment;
    }

    /** A plain load. The offset is a multiple of 8, here and in all methods that don't say otherwise. */
    public long get(long offset) {
        return UNSAFE != null
                ? UNSAFE.getLong(null, address + Objects.checkIndex(offset, readable))
                : (long) Handles.LONG.get(segment, offset);
    }

    public long getAcquire(long offset) {
        return UNSAFE != null
                ? UNSAFE.getLongAcquire(null, address + Objects.checkIndex(offset, readable))
                : (long) Handles.LONG.getAcquire(segment, offset);
    }

    public void set(long offset, long value) {
        if (UNSAFE != null) {
            UNSAFE.putLong(null, address + Objects.checkIndex(offset, writable), value);
        } else {
            Handles.LONG.set(segment, offset, value);
        }
    }

    public void setRelease(long offset, long value) {
        if (UNSAFE != null) {
            UNSAFE.putLongRelease(null, address + Objects.checkIndex(offset, writable), value);
        } else {
            Handles.LONG.setRelease(segment, offset, value);
        }
    }

    /** Adds one, atomically; the value before. */
    public long increment(long offset) {
        return UNSAFE != null
                ? UNSAFE.getAndAddLong(null, address + Objects.checkIndex(offset, writable), 1)
                : (long) Handles.LONG.getAndAdd(segment, offset, 1L);
    }

    /** A plain load of four bytes; the offset is a multiple of 4. */
    public int getInt(long offset) {
        return UNSAFE != null
                ? UNSAFE.getInt(null, address + Objects.checkIndex(offset, readableInts))
                : segment.get(Handles.INT, offset);
    }

    /** A plain store of four bytes; the offset is a multiple of 4. */
    public void setInt(long offset, int value) {
        if (UNSAFE != null) {
            UNSAFE.putInt(null, address + Objects.checkIndex(offset, writableInts), value);
        } else {
            segment.set(Handles.INT, offset, value);
        }
    }

    /** Eight bytes in network byte order, anywhere. */
    public void setNetworkLong(long offset, long value) {
        if (UNSAFE != null) {
            UNSAFE.putLongUnaligned(null, address + Objects.checkIndex(offset, writable), value, true);
        } else {
            segment.set(Handles.NETWORK_LONG, offset, value);
        }
    }

    /** Four bytes in network byte order, anywhere. */
    public void setNetworkInt(long offset, int value) {
        if (UNSAFE != null) {
            UNSAFE.putIntUnaligned(null, address + Objects.checkIndex(offset, writableInts), value, true);
        } else {
            segment.set(Handles.NETWORK_INT, offset, value);
        }
    }
}
