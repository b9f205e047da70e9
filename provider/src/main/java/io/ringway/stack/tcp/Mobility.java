package io.ringway.stack.tcp;

import io.ringway.nic.Link;
import io.ringway.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * Moves of a connection between stacks (M9), in two halves: the owner of the old stack lets go, the first owner of the
 * new one takes over. The old stack keeps the connection in its table and forwards what comes late.
 */
final class Mobility {
    private final TcpConnection c;
    private volatile @Nullable NetworkStack target;
    /** Where the connection is in the tables; null between the two halves. */
    private @Nullable NetworkStack home;

    private NetworkStack[] formerHomes = new NetworkStack[0];

    Mobility(TcpConnection c) {
        this.c = c;
    }

    /** Where to go next. Any thread. */
    void target(NetworkStack stack) {
        target = stack;
    }

    boolean isWanted() {
        return target != null;
    }

    void home(NetworkStack stack) {
        home = stack;
    }

    NetworkStack[] formerHomes() {
        return formerHomes;
    }

    /** First half, on the old stack, once no unpublished frame of its queue is held. */
    void leave(NetworkStack from) {
        NetworkStack to = target;
        if (to == null || to == from || c.state() == TcpState.CLOSED) {
            target = null;
            return;
        }
        if (!c.send.queue.isEmpty() || c.send.hasUnpublished()) {
            c.send.defer(from);
            return;
        }
        target = null;
        from.leave(c);
        NetworkStack[] homes = new NetworkStack[formerHomes.length + 1];
        System.arraycopy(formerHomes, 0, homes, 0, formerHomes.length);
        homes[formerHomes.length] = from;
        formerHomes = homes;
        home = null;
        c.stack(to);
        to.submit(c);
    }

    /** Second half, on the new stack, by whoever owns it first. */
    void settle(NetworkStack owner) {
        if (home != null || c.state() == TcpState.CLOSED) {
            return;
        }
        home = owner;
        Link old = c.linkOrNull();
        if (old == null) {
            return;
        }
        c.link(owner.queue().port().link(owner.queue(), old));
        owner.arrive(c);
        if (c.isSynchronised()) {
            c.sendAck(owner);
        }
        c.notify = true;
        owner.touched(c);
    }
}
