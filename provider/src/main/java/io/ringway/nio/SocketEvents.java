package io.ringway.nio;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.SocketAddress;
import jdk.internal.event.SocketReadEvent;
import jdk.internal.event.SocketWriteEvent;
import org.jspecify.annotations.Nullable;

/**
 * The events {@code jdk.SocketRead} and {@code jdk.SocketWrite} of the JDK's flight recorder, which the JDK's own channels
 * emit for the connections of the kernel path. While nothing is recorded, {@link #reads} and {@link #writes} are false,
 * which the compiler takes as a constant: the recorder rewrites the JDK's two classes when it starts.
 *
 * <p>A JDK whose classes have another shape gets no events of accelerated connections. Any thread.
 */
final class SocketEvents {
    /** Why there are no events, or null. */
    private static final @Nullable String OBSTACLE = findObstacle();

    private static final boolean USABLE = OBSTACLE == null;

    private SocketEvents() {}

    private static @Nullable String findObstacle() {
        try {
            Class<?> read = SocketReadEvent.class;
            require(read.getMethod("enabled"), boolean.class);
            require(read.getMethod("timestamp"), long.class);
            require(read.getMethod("offer", long.class, long.class, SocketAddress.class, long.class), void.class);
            Class<?> write = SocketWriteEvent.class;
            require(write.getMethod("enabled"), boolean.class);
            require(write.getMethod("timestamp"), long.class);
            require(write.getMethod("offer", long.class, long.class, SocketAddress.class), void.class);
            return null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return e.toString();
        }
    }

    private static void require(Method method, Class<?> result) throws NoSuchMethodException {
        if (!Modifier.isStatic(method.getModifiers()) || method.getReturnType() != result) {
            throw new NoSuchMethodException(method.toString());
        }
    }

    /** Why accelerated connections have no events in this JVM, or null if they have. */
    static @Nullable String obstacle() {
        return OBSTACLE;
    }

    /** Whether reads are recorded now. */
    static boolean reads() {
        return USABLE && SocketReadEvent.enabled();
    }

    /** Whether writes are recorded now. */
    static boolean writes() {
        return USABLE && SocketWriteEvent.enabled();
    }

    /** The begin of a read; only where {@link #reads()}. */
    static long readStarts() {
        return SocketReadEvent.timestamp();
    }

    /** The begin of a write; only where {@link #writes()}. */
    static long writeStarts() {
        return SocketWriteEvent.timestamp();
    }

    /**
     * A read has ended; only where {@link #reads()}. The recorder decides whether it was long enough to be kept.
     *
     * @param bytes how many, negative for the end of the stream
     * @param millis the time-out, or 0
     */
    static void read(long start, long bytes, @Nullable SocketAddress remote, int millis) {
        SocketReadEvent.offer(start, bytes, remote, millis);
    }

    /** A write has ended; only where {@link #writes()}. */
    static void written(long start, long bytes, @Nullable SocketAddress remote) {
        SocketWriteEvent.offer(start, bytes, remote);
    }
}
