package io.ringway.stack;

import io.ringway.stack.tcp.TcpListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The listeners of a process, shared by its stacks. Any thread; read for SYNs only. */
public final class ListenerTable {
    private final List<TcpListener> listeners = new CopyOnWriteArrayList<>();
    private final @Nullable AcceptedPairs pairs;

    /** For a process with one port. */
    public ListenerTable() {
        this(false);
    }

    /** {@code several}: the process has several ports, over which equal pairs of ends may come. */
    public ListenerTable(boolean several) {
        pairs = several ? new AcceptedPairs() : null;
    }

    /** The pairs of ends that must not come over two ports; null where there is one port. */
    public @Nullable AcceptedPairs pairs() {
        return pairs;
    }

    public void add(TcpListener listener) {
        listeners.add(listener);
    }

    public void remove(TcpListener listener) {
        listeners.remove(listener);
    }

    /** The listener for a destination: a specific address before a wildcard, IPv4's wildcard before a dual-stack one. */
    public @Nullable TcpListener find(long high, long low, int port) {
        TcpListener best = null;
        for (TcpListener l : listeners) {
            if (l.takes(high, low, port)) {
                if (l.isSpecific()) {
                    return l;
                }
                if (best == null || l.bound().isV4()) {
                    best = l;
                }
            }
        }
        return best;
    }
}
