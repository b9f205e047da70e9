package io.ringway.stack.tcp;

import io.ringway.nic.Link;
import io.ringway.nic.offload.FlowScheduler;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.StackCounters;
import io.ringway.stack.TransmitQueues;
import org.jspecify.annotations.Nullable;

/** A connection's transmit queue as one of the flows of a link, and how much of the link's ring it has taken (M5). Owner only. */
public final class TransmitFlow extends FlowScheduler.Flow {
    /** A flow is behind with this many slots not yet taken by the peer. */
    private static final int BEHIND = 8;
    /** What a slot costs beside its payload: it is what a ring has least of. */
    private static final int SLOT = 256;

    private final TcpConnection c;
    /** Slots that it ever used, and how many of them were taken, at least. */
    private long slots;

    private long taken;
    /** When this many of the link's slots are taken, so are this many of the flow's. */
    private long markCommitted;

    private long markSlots;
    private @Nullable Link markLink;

    TransmitFlow(TcpConnection c) {
        this.c = c;
    }

    /** The link that its segments leave by. */
    public Link link() {
        return c.link();
    }

    /** The connection gets another link: it waits no longer for a ring that it doesn't need. */
    void leaveLink() {
        if (scheduler() != null) {
            TransmitQueues.withdraw(this);
            c.send.starve(c.stack());
        }
    }

    /** A segment with so many bytes of payload went out. */
    void sent(int length) {
        slots++;
        spend(length + SLOT);
    }

    /**
     * Whether the peer has eight slots of this flow or more to catch up on; those of other flows on the same link don't
     * count. May say so for somewhat fewer when others have more. Reads the peer's cursor, which the peer has just written,
     * at most once, and not at all while fewer than eight slots were used since the last look.
     */
    boolean isBehind() {
        long mostly = slots - taken;
        if (mostly < BEHIND) {
            if (mostly >= BEHIND / 2 && markSlots <= taken) {
                mark(c.link());
            }
            return false;
        }
        Link link = c.link();
        int lag = link.lag();
        if (lag < BEHIND) {
            taken = slots - lag;
            return false;
        }
        return ownLag(link, lag) >= BEHIND;
    }

    private long ownLag(Link link, int lag) {
        boolean reached = link.committed() - lag >= markCommitted;
        if (markLink != link || reached) {
            taken = markLink == link ? Math.max(taken, markSlots) : slots - Math.min(lag, slots - taken);
            mark(link);
        }
        return slots - taken;
    }

    private void mark(Link link) {
        markLink = link;
        markCommitted = link.committed();
        markSlots = slots;
    }

    /** Whether the ring is so full that what is left of it belongs to flows that are not behind. */
    boolean isHeldBack() {
        return slots - taken >= BEHIND && c.link().isCrowded() && leavesTheRest();
    }

    private boolean leavesTheRest() {
        if (!isBehind()) {
            return false;
        }
        c.stack().counters().flowsHeldBack++;
        return true;
    }

    /** Publishes at once what the deficit allows, while others may be waiting. */
    FlowScheduler.Turn goAmongOthers(NetworkStack stack) {
        boolean othersWait = scheduler() != null;
        long before = deficit();
        FlowScheduler.Turn turn = c.send.publishInTurn(stack);
        if (othersWait) {
            count(turn, before - deficit(), stack.counters());
        }
        return turn;
    }

    @Override
    protected FlowScheduler.Turn turn() {
        NetworkStack stack = c.stack();
        long before = deficit();
        FlowScheduler.Turn turn = c.send.publishInTurn(stack);
        count(turn, before - deficit(), stack.counters());
        if (turn == FlowScheduler.Turn.DRAINED && c.mobility.isWanted()) {
            stack.touched(c);
        }
        return turn;
    }

    /** Counts what a flow sent while others were waiting, by the kind of flow that it is. */
    private void count(FlowScheduler.Turn turn, long bytes, StackCounters counters) {
        if (turn == FlowScheduler.Turn.SPENT) {
            counters.flowDeferrals++;
        }
        if (bytes == 0) {
            return;
        }
        if (turn != FlowScheduler.Turn.DRAINED || isBehind()) {
            counters.bulkTurns++;
            counters.bulkTurnBytes += bytes;
        } else {
            counters.smallTurns++;
            counters.smallTurnBytes += bytes;
        }
    }
}
