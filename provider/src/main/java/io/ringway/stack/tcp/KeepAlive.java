package io.ringway.stack.tcp;

import io.ringway.stack.NetworkStack;
import io.ringway.wire.Tcp;

/**
 * Keep-alives (RFC 9293, section 3.8.4), where the program asked for them and the port can lose frames. Owner only;
 * times in nanoseconds.
 */
final class KeepAlive {
    private static final long INTERVAL = 75_000_000_000L;
    private static final int PROBES = 9;

    private long lastHeard;
    private long at = Long.MAX_VALUE;
    private int unanswered;

    void start(TcpConnection c, NetworkStack stack) {
        if (!stack.lossless()) {
            lastHeard = stack.now();
            at = lastHeard + c.settings().keepAliveIdle();
            stack.timerChanged(c);
        }
    }

    void heard(long now) {
        lastHeard = now;
        unanswered = 0;
    }

    long deadline() {
        return at;
    }

    void expired(TcpConnection c, NetworkStack stack) {
        long now = stack.now();
        if (at > now) {
            return;
        }
        if (!c.isSynchronised()) {
            at = Long.MAX_VALUE;
            return;
        }
        long due = lastHeard + c.settings().keepAliveIdle();
        if (due > now || !c.options().keepAlive()) {
            at = Math.max(due, now + INTERVAL);
        } else if (unanswered >= PROBES) {
            at = Long.MAX_VALUE;
            Closing.terminate(c, Failure.TIMED_OUT, stack);
        } else {
            unanswered++;
            stack.writer().control(c, Tcp.ACK, c.send.una - 1);
            at = now + INTERVAL;
        }
    }
}
