package io.ringway.stack;

import io.ringway.memory.OutOfLine;
import io.ringway.stack.tcp.TcpConnection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Performs work requests in batches (M6): takes up to a window of them from the ring, looks ahead through it for later
 * ones of the connection whose request is due, and performs these back to back, while the connection's state, its context,
 * is in the processor's cache. The order of a connection's requests is kept, that of different connections is not.
 *
 * <p>A connection's own operations need no look-ahead: as long as it waits in the ring, further ones join it there.
 *
 * <p>A request that polls the stack, as closing does, has no others performed by that: they follow it. As many levels of
 * calls as there are requests would wait for the stack of calls of one thread otherwise. Owner only.
 */
final class ContextCache {
    /** Requests that are looked through at a time. Looking costs a comparison each; most batches are far smaller. */
    static final int WINDOW = 32;

    private final NetworkStack.@Nullable Request[] requests = new NetworkStack.Request[WINDOW];
    private int filled;
    private int next;
    /** Some of the requests are about a connection that may have others in the window. */
    private boolean looksAhead;

    private boolean performing;

    /** Whether a request is being performed: the caller is part of it. */
    boolean isPerforming() {
        return performing;
    }

    /** Whether requests are left in the window: one before them has thrown. */
    boolean hasLeft() {
        return next < filled;
    }

    /** Performs everything in {@code ring}, and returns how much that was. */
    int perform(Queue<NetworkStack.Request> ring, NetworkStack stack, @Nullable OutOfLine never) {
        int count = 0;
        performing = true;
        try {
            while (next < filled || fill(ring, stack.counters())) {
                NetworkStack.Request request = take(next++);
                if (request != null) {
                    count += perform(request, stack);
                }
            }
        } finally {
            performing = false;
        }
        return count;
    }

    private boolean fill(Queue<NetworkStack.Request> ring, StackCounters counters) {
        int n = 0;
        boolean several = false;
        NetworkStack.Request request = ring.poll();
        while (request != null) {
            requests[n++] = request;
            several |= !(request instanceof TcpConnection) && request.context() != null;
            request = n < WINDOW ? ring.poll() : null;
        }
        filled = n;
        next = 0;
        looksAhead = several;
        if (n > 0) {
            counters.requestBatches++;
        }
        return n > 0;
    }

    private int perform(NetworkStack.Request first, NetworkStack stack) {
        int later = next;
        TcpConnection context = first instanceof TcpConnection c ? c : first.context();
        first.run(stack);
        if (context == null) {
            return 1;
        }
        stack.counters().contextLoads++;
        return looksAhead ? 1 + performLater(context, later, stack) : 1;
    }

    private int performLater(TcpConnection context, int from, NetworkStack stack) {
        int count = 0;
        for (int i = from; i < filled; i++) {
            NetworkStack.Request later = requests[i];
            if (later != null && later.context() == context) {
                requests[i] = null;
                later.run(stack);
                count++;
            }
        }
        stack.counters().contextHits += count;
        return count;
    }

    private NetworkStack.@Nullable Request take(int i) {
        NetworkStack.Request request = requests[i];
        requests[i] = null;
        return request;
    }
}
