package io.ringway.nio;

import io.ringway.stack.tcp.TcpOptions;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a channel without a kernel socket: remembered as the kernel would have taken them, for the stack and
 * for the kernel socket that the channel may get later. Any thread.
 */
final class ChannelOptions {
    private static final int MAX_LINGER = 65_535;
    private static final int MAX_TRAFFIC_CLASS = 255;
    private static final int NO_LINGER = -1;

    private final TcpOptions tcp;
    private volatile @Nullable Map<SocketOption<?>, Object> values;
    private volatile int linger = NO_LINGER;

    /** What the listener of an accepted connection had for SO_REUSEADDR. */
    private final boolean reuseAddress;

    ChannelOptions() {
        this(new TcpOptions(), false);
    }

    /** Options of an accepted connection. */
    ChannelOptions(TcpOptions tcp, boolean reuseAddress) {
        this.tcp = tcp;
        this.reuseAddress = reuseAddress;
    }

    /** What the stack looks at. */
    TcpOptions tcp() {
        return tcp;
    }

    /** SO_LINGER in seconds, or -1. */
    int linger() {
        return linger;
    }

    /** Sets an option, checked as the JDK and the kernel check it. */
    void set(SocketOption<?> name, Object value) throws IOException {
        Object taken = check(name, value);
        if (name == StandardSocketOptions.TCP_NODELAY) {
            tcp.noDelay((Boolean) taken);
        } else if (name == StandardSocketOptions.SO_KEEPALIVE) {
            tcp.keepAlive((Boolean) taken);
        } else if (name == StandardSocketOptions.IP_TOS) {
            tcp.trafficClass((Integer) taken);
        } else if (name == StandardSocketOptions.SO_LINGER) {
            linger = (Integer) taken;
        }
        remember(name, taken);
    }

    private synchronized void remember(SocketOption<?> name, Object taken) {
        Map<SocketOption<?>, Object> all = values;
        if (all == null) {
            all = new LinkedHashMap<>();
            values = all;
        }
        all.put(name, taken);
    }

    private static Object check(SocketOption<?> name, Object value) throws IOException {
        if (name.type() == Boolean.class) {
            return value;
        }
        if (name == StandardSocketOptions.SO_LINGER) {
            int seconds = (Integer) value;
            return seconds < 0 ? NO_LINGER : Math.min(seconds, MAX_LINGER);
        }
        if (name == StandardSocketOptions.SO_SNDBUF || name == StandardSocketOptions.SO_RCVBUF) {
            if ((Integer) value < 0) {
                throw new IllegalArgumentException("Invalid send/receive buffer size");
            }
            return KernelOptions.clampedBufferSize(name, (Integer) value);
        }
        if (name == StandardSocketOptions.IP_TOS && ((Integer) value < 0 || (Integer) value > MAX_TRAFFIC_CLASS)) {
            throw new IllegalArgumentException("Invalid IP_TOS value");
        }
        return KernelOptions.asTaken(name, value);
    }

    /** Whether urgent data was asked for in line, which only the kernel can do. */
    boolean wantsUrgentData() {
        return values != null && Boolean.TRUE.equals(value(KernelOptions.urgentDataInline()));
    }

    /** What was set, or null. */
    synchronized @Nullable Object value(SocketOption<?> name) {
        Map<SocketOption<?>, Object> all = values;
        return all == null ? null : all.get(name);
    }

    /** What was set, or what a fresh kernel socket says. */
    Object get(SocketOption<?> name) throws IOException {
        Object set = value(name);
        if (set == null && name == StandardSocketOptions.SO_REUSEADDR && reuseAddress) {
            return true;
        }
        return set == null ? KernelOptions.defaultValue(name) : set;
    }

    /** Sets all that was set on a kernel socket, in the same order. */
    synchronized void applyTo(SocketChannel kernel) throws IOException {
        Map<SocketOption<?>, Object> all = values;
        if (all != null) {
            for (Map.Entry<SocketOption<?>, Object> e : all.entrySet()) {
                apply(kernel, e.getKey(), e.getValue());
            }
        }
    }

    @SuppressWarnings("unchecked") // the type was checked when the value was set
    private static <T> void apply(SocketChannel kernel, SocketOption<T> name, Object value) throws IOException {
        kernel.setOption(name, (T) value);
    }
}
