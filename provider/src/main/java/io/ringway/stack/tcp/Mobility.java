package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.nic.Link;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.TransmitQueues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Moves of a connection between stacks (M9), in two halves: the owner of the old stack lets go, the first owner of the
 * new one takes over. The old stack keeps the connection in its table and forwards what comes late.
 */
final class Mobility {
    private static final AtomicReferenceFieldUpdater<Mobility, NetworkStack> TARGET =
            AtomicReferenceFieldUpdater.newUpdater(Mobility.class, NetworkStack.class, "target");

    private final TcpConnection c;

    @SuppressWarnings("unused") // through TARGET too
    private volatile @Nullable NetworkStack target;
    /** Where the connection is in the tables; null between the two halves. */
    private @Nullable NetworkStack home;

    private NetworkStack[] formerHomes = new NetworkStack[0];
    private List<NetworkStack> bereaved = List.of();

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

    /** Whether the connection is on {@code stack}, and in its tables. Its owner. */
    boolean isSettledOn(NetworkStack stack) {
        return home == stack && c.stack() == stack;
    }

    void home(NetworkStack stack) {
        home = stack;
    }

    NetworkStack[] formerHomes() {
        return formerHomes;
    }

    /**
     * First half, on the old stack, once no frame of its queue is held. What holds one ends with a segment from the peer
     * or with room in the ring; this is tried again then.
     */
    void leave(NetworkStack from) {
        NetworkStack to = target;
        if (to == null || to == from || c.state() == TcpState.CLOSED) {
            TARGET.compareAndSet(this, to, null);
            return;
        }
        if (!c.send.queue.isEmpty() || c.send.hasUnpublished()) {
            return;
        }
        from.leave(c);
        TransmitQueues.withdraw(c.send.flow);
        c.send.notDeferred();
        formerHomes = Arrays.copyOf(formerHomes, formerHomes.length + 1);
        formerHomes[formerHomes.length - 1] = from;
        home = null;
        c.stack(to);
        // Unless somebody has named yet another one.
        TARGET.compareAndSet(this, to, null);
        to.submit(c);
    }

    /**
     * Notes that {@code teller} has heard the last of a lost peer.
     *
     * @return whether that goes for all stacks that the peer may have sent to
     */
    boolean isBereaved(NetworkStack teller) {
        List<NetworkStack> tellers = new ArrayList<>(bereaved);
        tellers.add(teller);
        bereaved = tellers;
        return tellers.contains(home) && tellers.containsAll(List.of(formerHomes));
    }

    /** Brings what came to them late here, unless their owners are at it. */
    void pollFormerHomes(NetworkStack owner) {
        for (NetworkStack former : formerHomes) {
            if (former.tryOwn()) {
                try {
                    former.advanceTo(owner.now());
                    former.poll(former.now());
                } finally {
                    former.disown();
                }
            }
        }
    }

    /** Whether the stack still has the connection in its table; it is no former home any more then. */
    private boolean wasHere(NetworkStack stack) {
        int kept = 0;
        for (NetworkStack former : formerHomes) {
            if (former != stack) {
                formerHomes[kept++] = former;
            }
        }
        boolean was = kept < formerHomes.length;
        if (was) {
            formerHomes = Arrays.copyOf(formerHomes, kept);
        }
        return was;
    }

    /** Second half, on the new stack, by whoever owns it first. */
    void settle(NetworkStack owner) {
        if (home == null && c.state() != TcpState.CLOSED) {
            settle(owner, null);
        }
    }

    private void settle(NetworkStack owner, @Nullable OutOfLine never) {
        home = owner;
        Link old = c.linkOrNull();
        if (old == null) {
            return;
        }
        c.link(owner.queue().port().link(owner.queue(), old));
        if (wasHere(owner)) {
            owner.timerChanged(c);
        } else {
            owner.arrive(c);
        }
        if (c.isSynchronised()) {
            c.sendAck(owner);
        }
        c.notify = true;
        owner.touched(c);
        Link link = c.link();
        if (link.isClosed() && !link.peer().alive()) {
            // The queue has told of the peer's end before the connection came.
            Closing.peerGone(c, link.peer(), owner, owner);
        }
    }
}
