package io.ringway.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK and the kernel make of options, asked on sockets that live for the question only, so that channels
 * without a kernel socket answer the same. Any thread.
 */
final class KernelOptions {
    private static final int HUGE = 1 << 30;
    private static final Map<SocketOption<?>, Object> DEFAULTS = new ConcurrentHashMap<>();

    /** Smallest and largest buffer size that the kernel takes. */
    private record Range(int smallest, int largest) {}

    private static final Map<SocketOption<?>, Range> BUFFER_SIZES = new ConcurrentHashMap<>();

    private KernelOptions() {}

    private static final class OfSocketChannels {
        static final Set<SocketOption<?>> ALL = supported(false);
    }

    /** The options of the JDK's socket channels. */
    static Set<SocketOption<?>> ofSocketChannels() {
        return OfSocketChannels.ALL;
    }

    /** The option behind {@code Socket.setOOBInline}, which has no public constant. */
    @SuppressWarnings("unchecked") // its type is looked at
    static SocketOption<Boolean> urgentDataInline() {
        for (SocketOption<?> option : OfSocketChannels.ALL) {
            if ("SO_OOBINLINE".equals(option.name()) && option.type() == Boolean.class) {
                return (SocketOption<Boolean>) option;
            }
        }
        throw new UnsupportedOperationException("SO_OOBINLINE");
    }

    private static Set<SocketOption<?>> supported(boolean server) {
        try (NetworkChannel channel =
                server ? KernelProvider.JDK.openServerSocketChannel() : KernelProvider.JDK.openSocketChannel()) {
            return channel.supportedOptions();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every channel looks at before it gets an option. */
    static void check(NetworkChannel channel, SocketOption<?> name) {
        Objects.requireNonNull(name);
        if (!channel.supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    /** What every channel looks at before it sets an option. */
    static void check(NetworkChannel channel, SocketOption<?> name, @Nullable Object value) {
        check(channel, name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    /** What a fresh socket has. */
    static Object defaultValue(SocketOption<?> name) throws IOException {
        Object known = DEFAULTS.get(name);
        if (known != null) {
            return known;
        }
        try (SocketChannel socket = KernelProvider.JDK.openSocketChannel()) {
            Object found = socket.getOption(name);
            DEFAULTS.put(name, found);
            return found;
        }
    }

    /** What {@code value} becomes when it is set. */
    static Object asTaken(SocketOption<?> name, Object value) throws IOException {
        try (SocketChannel socket = KernelProvider.JDK.openSocketChannel()) {
            return setAndGet(socket, name, value);
        }
    }

    @SuppressWarnings("unchecked") // the caller has checked the type
    private static <T> Object setAndGet(SocketChannel socket, SocketOption<T> name, Object value) throws IOException {
        socket.setOption(name, (T) value);
        Object taken = socket.getOption(name);
        return taken == null ? value : taken;
    }

    /** What a size of SO_SNDBUF or SO_RCVBUF becomes when it is set. */
    static Object clampedBufferSize(SocketOption<?> name, int size) throws IOException {
        Range range = BUFFER_SIZES.get(name);
        if (range == null) {
            range = new Range((Integer) asTaken(name, 1), (Integer) asTaken(name, HUGE));
            BUFFER_SIZES.put(name, range);
        }
        return Math.clamp(size, range.smallest, range.largest);
    }
}
