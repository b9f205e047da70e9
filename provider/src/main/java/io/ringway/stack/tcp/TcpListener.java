package io.ringway.stack.tcp;

import io.ringway.nic.IpEndpoint;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A listening endpoint of this process. Connections come into being on whichever stack their SYN reaches; they are
 * offered once established. Any thread.
 */
public final class TcpListener implements AutoCloseable {
    private final ListenerTable table;
    private final IpEndpoint bound;
    private final boolean dualStack;
    private final int backlog;
    private final TcpOptions defaults;
    private final Runnable observer;
    private final ConcurrentLinkedQueue<TcpConnection> established = new ConcurrentLinkedQueue<>();
    /** Connections that exist and were not accepted yet, half-open ones included. */
    private final AtomicInteger pending = new AtomicInteger();

    private volatile boolean closed;

    /**
     * Registers itself.
     *
     * @param dualStack whether an IPv6 wildcard takes IPv4 connections too
     * @param backlog so many connections, and one more, may wait to be accepted
     * @param defaults what accepted connections start with
     * @param observer told by owners of stacks when a connection can be accepted; must not block
     */
    public TcpListener(
            ListenerTable table,
            IpEndpoint bound,
            boolean dualStack,
            int backlog,
            TcpOptions defaults,
            Runnable observer) {
        this.table = table;
        this.bound = bound;
        this.dualStack = dualStack;
        this.backlog = Math.max(1, backlog);
        this.defaults = defaults;
        this.observer = observer;
        table.add(this);
    }

    public IpEndpoint bound() {
        return bound;
    }

    /** True if a connection to this address and port is for this listener. */
    public boolean takes(long high, long low, int port) {
        if (port != bound.port()) {
            return false;
        }
        if (bound.high() == high && bound.low() == low) {
            return true;
        }
        boolean v4 = high == 0 && low >>> 32 == 0xffff;
        return bound.isWildcard() && (v4 == bound.isV4() || (v4 && dualStack));
    }

    public boolean isSpecific() {
        return !bound.isWildcard();
    }

    ListenerTable table() {
        return table;
    }

    TcpOptions defaults() {
        return defaults;
    }

    /** Room for one more, which is counted from now on. One more than the backlog may wait, as in Linux. */
    boolean reserve() {
        if (closed || pending.get() > backlog) {
            return false;
        }
        pending.incrementAndGet();
        return true;
    }

    void unreserve() {
        pending.decrementAndGet();
    }

    /** A connection has become established. False if the listener is closed. */
    boolean offer(TcpConnection c) {
        established.add(c);
        if (closed) {
            return !established.remove(c);
        }
        observer.run();
        return true;
    }

    public boolean acceptable() {
        return !established.isEmpty();
    }

    /** The stack of the connection that {@link #accept} would return now, or null. */
    public @Nullable NetworkStack nextStack() {
        TcpConnection c = established.peek();
        return c == null ? null : c.stack();
    }

    /** The next established connection, or null; never blocks. It stays on its stack until it is moved. */
    public @Nullable TcpConnection accept() {
        TcpConnection c = established.poll();
        if (c != null) {
            unreserve();
            c.program.accepted();
        }
        return c;
    }

    /** Takes no more; connections that were not accepted are reset. */
    @Override
    public void close() {
        closed = true;
        table.remove(this);
        TcpConnection c = established.poll();
        while (c != null) {
            c.abort();
            // Nobody else will give back what it received.
            c.close();
            c = established.poll();
        }
    }
}
