package io.ringway.stack.tcp;

import io.ringway.nic.IpEndpoint;
import io.ringway.stack.IdleQueue;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A stack with two connections, to which two threads leave numbered requests. Used again and again. */
final class LentRequests {
    private static final int CONNECTIONS = 2;
    private static final ConcurrentLinkedQueue<LentRequests> IDLE = new ConcurrentLinkedQueue<>();

    private final NetworkStack stack = IdleQueue.stack(Arena.ofAuto().allocate(1 << 10), frame -> {});
    private final TcpConnection[] connections = new TcpConnection[CONNECTIONS];

    // ---- the owner's ----
    private final int[][] performed = new int[2][CONNECTIONS];
    private int count;
    private boolean wrong;

    // ---- each thread's own ----
    private final int[][] left = new int[2][CONNECTIONS];

    private LentRequests() {
        for (int i = 0; i < CONNECTIONS; i++) {
            IpEndpoint end = IpEndpoint.v4(0x7f000001, 1 + i);
            connections[i] = new TcpConnection(stack, end, end, new TcpOptions(), 0);
        }
    }

    static LentRequests take() {
        LentRequests idle = IDLE.poll();
        return idle == null ? new LentRequests() : idle;
    }

    /** Leaves a request about a connection. */
    void leave(int thread, int connection) {
        int number = left[thread][connection]++;
        stack.submit(new Numbered(connections[connection], () -> {
            wrong |= performed[thread][connection]++ != number;
            count++;
        }));
    }

    private record Numbered(TcpConnection context, Runnable what) implements NetworkStack.Request {
        @Override
        public void run(NetworkStack owner) {
            what.run();
        }
    }

    void ownBriefly() {
        if (stack.tryOwn()) {
            stack.disown();
        }
    }

    /** Requests that were performed; -1 if some were not in their order. One thread, after all others. */
    int giveBack() {
        int result = wrong ? -1 : count;
        wrong = false;
        count = 0;
        IDLE.add(this);
        return result;
    }
}
