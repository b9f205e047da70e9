package io.ringway.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
    private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    /** Whether the processor takes numbers at any address. */
    private static final boolean ANYWHERE = UNSAFE != null && UNSAFE.unalignedAccess();

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
    private final long size;
    private final boolean readOnly;
    /** The last offset at which eight bytes may be read, and written, and four bytes; -1 if there is none. */
    private final long lastReadable;

    private final long lastWritable;
    private final long lastReadableInt;
    private final long lastWritableInt;

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
        size = segment.byteSize();
        readOnly = segment.isReadOnly();
        lastReadable = Math.max(-1, size - Long.BYTES);
        lastReadableInt = Math.max(-1, size - Integer.BYTES);
        lastWritable = readOnly ? -1 : lastReadable;
        lastWritableInt = readOnly ? -1 : lastReadableInt;
    }

    private static @Nullable Unsafe unsafe() {
        try {
            return Unsafe.getUnsafe();
        } catch (LinkageError e) {
            return null;
        }
    }

    private static IndexOutOfBoundsException outside(long offset) {
        return new IndexOutOfBoundsException(offset);
    }

    /** Whether the shorter way is open. */
    static boolean direct() {
        return UNSAFE != null;
    }

    /** The memory itself. */
    public MemorySegment segment() {
        return segment;
    }

    // The checks are written out: in a process that has just started, calls of the JDK's own were a twentieth of all of
    // a message. An offset is inside if neither it nor its distance from the last one is negative.

    /** A plain load. The offset is a multiple of 8, here and in all methods that don't say otherwise. */
    public long get(long offset) {
        if ((offset | lastReadable - offset) < 0) {
            throw outside(offset);
        }
        return UNSAFE != null ? UNSAFE.getLong(null, address + offset) : (long) Handles.LONG.get(segment, offset);
    }

    public long getAcquire(long offset) {
        if ((offset | lastReadable - offset) < 0) {
            throw outside(offset);
        }
        return UNSAFE != null
                ? UNSAFE.getLongAcquire(null, address + offset)
                : (long) Handles.LONG.getAcquire(segment, offset);
    }

    public void set(long offset, long value) {
        if ((offset | lastWritable - offset) < 0) {
            throw outside(offset);
        }
        if (UNSAFE != null) {
            UNSAFE.putLong(null, address + offset, value);
        } else {
            Handles.LONG.set(segment, offset, value);
        }
    }

    public void setRelease(long offset, long value) {
        if ((offset | lastWritable - offset) < 0) {
            throw outside(offset);
        }
        if (UNSAFE != null) {
            UNSAFE.putLongRelease(null, address + offset, value);
        } else {
            Handles.LONG.setRelease(segment, offset, value);
        }
    }

    /** Adds one, atomically; the value before. */
    public long increment(long offset) {
        if ((offset | lastWritable - offset) < 0) {
            throw outside(offset);
        }
        return UNSAFE != null
                ? UNSAFE.getAndAddLong(null, address + offset, 1)
                : (long) Handles.LONG.getAndAdd(segment, offset, 1L);
    }

    /** A plain load of four bytes; the offset is a multiple of 4. */
    public int getInt(long offset) {
        if ((offset | lastReadableInt - offset) < 0) {
            throw outside(offset);
        }
        return UNSAFE != null ? UNSAFE.getInt(null, address + offset) : segment.get(Handles.INT, offset);
    }

    /** A plain store of four bytes; the offset is a multiple of 4. */
    public void setInt(long offset, int value) {
        if ((offset | lastWritableInt - offset) < 0) {
            throw outside(offset);
        }
        if (UNSAFE != null) {
            UNSAFE.putInt(null, address + offset, value);
        } else {
            segment.set(Handles.INT, offset, value);
        }
    }

    /** Several words that are in network byte order, as many as {@code bytes} have begun. */
    public void getNetwork(long offset, long[] target, int bytes) {
        int count = bytes + Long.BYTES - 1 >>> 3;
        if (count != 0 && (offset < 0 || offset > lastReadable - (count - 1) * 8L)) {
            throw outside(offset);
        }
        for (int i = 0; i < count; i++) {
            long at = offset + i * 8L;
            long word = UNSAFE != null ? UNSAFE.getLong(null, address + at) : (long) Handles.LONG.get(segment, at);
            target[i] = BIG_ENDIAN ? word : Long.reverseBytes(word);
        }
    }

    private void checkBytes(long offset, byte[] array, int from, int length) {
        if ((offset | length) < 0 || offset > size - length) {
            throw outside(offset);
        }
        if (from < 0 || from > array.length - length) {
            throw outside(from);
        }
    }

    /** Copies bytes, from anywhere, to an array. */
    public void get(long offset, byte[] target, int from, int length) {
        checkBytes(offset, target, from, length);
        if (UNSAFE != null) {
            UNSAFE.copyMemory(null, address + offset, target, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) from, length);
        } else {
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, target, from, length);
        }
    }

    /** Copies bytes of an array to anywhere. */
    public void set(long offset, byte[] source, int from, int length) {
        if (readOnly) {
            throw outside(offset);
        }
        checkBytes(offset, source, from, length);
        if (UNSAFE != null) {
            UNSAFE.copyMemory(source, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) from, null, address + offset, length);
        } else {
            MemorySegment.copy(source, from, segment, ValueLayout.JAVA_BYTE, offset, length);
        }
    }

    /** Eight bytes in network byte order, anywhere. */
    public void setNetworkLong(long offset, long value) {
        if ((offset | lastWritable - offset) < 0) {
            throw outside(offset);
        }
        if (ANYWHERE && UNSAFE != null) {
            UNSAFE.putLong(null, address + offset, BIG_ENDIAN ? value : Long.reverseBytes(value));
        } else {
            segment.set(Handles.NETWORK_LONG, offset, value);
        }
    }

    /** Four bytes in network byte order, anywhere. */
    public void setNetworkInt(long offset, int value) {
        if ((offset | lastWritableInt - offset) < 0) {
            throw outside(offset);
        }
        if (ANYWHERE && UNSAFE != null) {
            UNSAFE.putInt(null, address + offset, BIG_ENDIAN ? value : Integer.reverseBytes(value));
        } else {
            segment.set(Handles.NETWORK_INT, offset, value);
        }
    }
}
