package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * The end of a batch, for each connection that it touched: output that became possible, one acknowledgment, one notice
 * (M8). Owner only.
 */
public final class BatchEnd {
    private BatchEnd() {}

    public static void finish(TcpConnection c, NetworkStack owner, @Nullable OutOfLine never) {
        c.touched = false;
        c.send.notDeferred();
        if (c.isSynchronised()) {
            c.send.lookForFrames(owner);
            c.send.output(owner);
            acknowledgeIfDue(c, owner);
            if (!c.receive.reassembly.isEmpty() && owner.lossless()) {
                c.mobility.pollFormerHomes(owner);
            }
        } else if (c.owed != 0) {
            Closing.lastSegment(c, c.owed, owner);
        }
        boolean roomAgain = c.send.room.takeWanted();
        if (c.notify || roomAgain) {
            c.notify = false;
            tell(c, owner);
        }
        // The last thing, because the connection belongs to another owner afterwards.
        if (c.mobility.isWanted() && c.isSynchronised()) {
            c.mobility.leave(owner);
        }
    }

    private static void acknowledgeIfDue(TcpConnection c, NetworkStack owner) {
        if (!c.isSynchronised()) {
            return;
        }
        boolean lossless = owner.lossless();
        if (lossless ? c.receive.wantsAckLossless() : c.receive.wantsAckLossy(c.send.mss)) {
            c.sendAck(owner);
        } else if (!lossless && c.receive.hasUnacknowledged() && c.acknowledgeAt == Long.MAX_VALUE) {
            c.acknowledgeAt = owner.now() + Timers.DELAYED_ACK;
            owner.timerChanged(c);
        }
    }

    private static void tell(TcpConnection c, NetworkStack owner) {
        ConnectionObserver o = c.observer;
        if (o != null) {
            owner.counters().events++;
            o.readinessChanged();
        }
    }
}
