package io.ringway.linux;

import io.ringway.memory.OutOfLine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one downcall of Ringway. Linking a signature costs tens of milliseconds, so that there is a single one, seven
 * integers to one integer, with the function's address as an argument: libc's {@code syscall} and the functions of the
 * JNI tables all go through it. Any thread; no allocation.
 */
final class Kernel {
    /** Calls at the same time that find a place for {@code errno} without allocating. */
    private static final int PLACES = 64;

    /** One cache line each. */
    private static final int PLACE_BYTES = 64;

    private static final MethodHandle CALL;
    private static final MemorySegment SYSCALL;
    private static final Place[] RING = new Place[PLACES];

    static {
        Linker linker = Linker.nativeLinker();
        SYSCALL = libc("syscall");
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        CALL = linker.downcallHandle(
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.captureCallState("errno"));
        MemorySegment places = Arena.global().allocate((long) PLACES * PLACE_BYTES, PLACE_BYTES);
        for (int i = 0; i < PLACES; i++) {
            RING[i] = new Place(places.asSlice((long) i * PLACE_BYTES, PLACE_BYTES));
        }
    }

    private Kernel() {}

    /** Where one call at a time leaves its {@code errno}; 1 while it is taken. */
    private static final class Place extends AtomicInteger {
        private static final long serialVersionUID = 1L;
        final transient MemorySegment segment;
        final transient ByteBuffer errno;

        Place(MemorySegment segment) {
            this.segment = segment;
            this.errno = segment.asByteBuffer().order(ByteOrder.nativeOrder());
        }
    }

    static long call(int number) {
        return call(number, 0, 0, 0, 0, 0, 0);
    }

    static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    /**
     * A system call.
     *
     * @param number from {@link SystemCall}
     * @return what the kernel returned: the result, or the negative error number
     */
    static long call(int number, long a, long b, long c, long d, long e, long f) {
        return call(number, a, b, c, d, e, f, null);
    }

    private static long call(int number, long a, long b, long c, long d, long e, long f, @Nullable OutOfLine never) {
        Place place = take();
        try {
            long result = (long) CALL.invokeExact(SYSCALL, place.segment, (long) number, a, b, c, d, e, f);
            return result != -1 ? result : -place.errno.getInt(0);
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new AssertionError(problem);
        } finally {
            place.lazySet(0);
        }
    }

    /** A system call whose negative result becomes an exception that names {@code operation}. */
    static long check(String operation, long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(operation, (int) -result);
        }
        return result;
    }

    /** Calls any C function of integer and pointer arguments; its result as the register holds it. */
    static long callFunction(MemorySegment function, long a, long b, long c, long d, long e) {
        return callFunction(function, a, b, c, d, e, null);
    }

    /** The same, and then {@code after} with the argument {@code a}; nothing but the machine's own code in between. */
    static long callFunction(
            MemorySegment function, long a, long b, long c, long d, long e, @Nullable MemorySegment after) {
        Place place = take();
        try {
            MemorySegment errno = place.segment;
            long result = (long) CALL.invokeExact(function, errno, a, b, c, d, e, 0L, 0L);
            if (after != null) {
                long unused = (long) CALL.invokeExact(after, errno, a, 0L, 0L, 0L, 0L, 0L, 0L);
            }
            return result;
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new AssertionError(problem);
        } finally {
            place.lazySet(0);
        }
    }

    /** The address of a function of the C library. */
    static MemorySegment libc(String name) {
        return symbol(Linker.nativeLinker().defaultLookup(), name);
    }

    static MemorySegment symbol(SymbolLookup lookup, String name) {
        MemorySegment found = lookup.find(name).orElse(null);
        if (found == null) {
            throw new UnsatisfiedLinkError(name);
        }
        return found;
    }

    private static Place take() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < PLACES; i++) {
            Place place = RING[(start + i) & (PLACES - 1)];
            if (place.get() == 0 && place.compareAndSet(0, 1)) {
                return place;
            }
        }
        return new Place(Arena.ofAuto().allocate(PLACE_BYTES, PLACE_BYTES));
    }
}
