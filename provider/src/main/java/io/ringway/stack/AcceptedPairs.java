package io.ringway.stack;

import io.ringway.nic.IpEndpoint;
import io.ringway.stack.tcp.TcpConnection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of every connection that a process with several ports has accepted. Clients on different ports know nothing
 * of each other and may choose the same local address and port; a program must never see two such connections at a time,
 * which go over different stacks. Within one port the stacks see to it. Any thread.
 */
public final class AcceptedPairs {
    private final ConcurrentMap<Pair, TcpConnection> holders = new ConcurrentHashMap<>();

    private record Pair(IpEndpoint local, IpEndpoint remote) {
        static Pair of(TcpConnection c) {
            return new Pair(c.local(), c.remote());
        }

        /** As records do it, without the code that is made for that at run time. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair p && local.equals(p.local) && remote.equals(p.remote);
        }

        @Override
        public int hashCode() {
            return 31 * local.hashCode() + remote.hashCode();
        }
    }

    /** Notes the ends of {@code c}; false if a connection over another port has the same ones. */
    public boolean claim(TcpConnection c) {
        Pair pair = Pair.of(c);
        TcpConnection holder = holders.putIfAbsent(pair, c);
        while (holder != null) {
            if (!isOfSamePort(holder, c)) {
                return false;
            }
            if (holders.replace(pair, holder, c)) {
                return true;
            }
            // It was released meanwhile, and any port's connection may have the pair by now.
            holder = holders.putIfAbsent(pair, c);
        }
        return true;
    }

    private static boolean isOfSamePort(TcpConnection one, TcpConnection other) {
        return one.stack().queue().port() == other.stack().queue().port();
    }

    /** Whether no connection has any. */
    public boolean isEmpty() {
        return holders.isEmpty();
    }

    /** {@code c} is closed. */
    public void release(TcpConnection c) {
        holders.remove(Pair.of(c), c);
    }
}
