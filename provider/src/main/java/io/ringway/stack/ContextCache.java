package io.ringway.stack;

import io.ringway.stack.tcp.TcpConnection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Performs work requests in batches (M6): takes up to a window of them from the ring, looks ahead through it for later
 * ones of the connection whose request is due, and performs these back to back, while the connection's state, its context,
 * is in the processor's cache. The order of a connection's requests is kept, that of different connections is not.
 *
 * <p>A request may have requests performed itself: those that wait in the window come first then. Owner only.
 */
final class ContextCache {
    /** Requests that are looked through at a time. Looking costs a comparison each; most batches are far smaller. */
    static final int WINDOW = 32;

    private final NetworkStack.@Nullable Request[] requests = new NetworkStack.Request[WINDOW];
    private final @Nullable TcpConnection[] contexts = new TcpConnection[WINDOW];
    private int filled;
    private int next;

    /** Whether requests wait in the window: the one that is being performed asks. */
    boolean isAtWork() {
        return next < filled;
    }

    /** Performs everything in {@code ring}, and returns how much that was. */
    int perform(Queue<NetworkStack.Request> ring, NetworkStack stack) {
        int count = 0;
        while (next < filled || fill(ring, stack.counters())) {
            int at = next++;
            NetworkStack.Request request = requests[at];
            if (request != null) {
                count += performAll(request, at, stack);
            }
        }
        return count;
    }

    private boolean fill(Queue<NetworkStack.Request> ring, StackCounters counters) {
        int n = 0;
        NetworkStack.Request request = ring.poll();
        while (request != null) {
            requests[n] = request;
            contexts[n++] = request.context();
            request = n < WINDOW ? ring.poll() : null;
        }
        filled = n;
        next = 0;
        if (n > 0) {
            counters.requestBatches++;
        }
        return n > 0;
    }

    private int performAll(NetworkStack.Request first, int at, NetworkStack stack) {
        TcpConnection context = contexts[at];
        take(at);
        first.run(stack);
        if (context == null) {
            return 1;
        }
        stack.counters().contextLoads++;
        int count = 1;
        // A request that had others performed has left nothing in the window.
        for (int i = at + 1; i < filled; i++) {
            NetworkStack.Request later = requests[i];
            if (later != null && contexts[i] == context) {
                take(i);
                later.run(stack);
                stack.counters().contextHits++;
                count++;
            }
        }
        return count;
    }

    private void take(int i) {
        requests[i] = null;
        contexts[i] = null;
    }
}
