package io.ringway.nic.offload;

import org.jspecify.annotations.Nullable;

/**
 * The queues of the flows that share one transmit ring, served by deficit round robin (M5; Shreedhar and Varghese, 1995).
 * It holds the flows that wait, each of which keeps its data itself. In its turn a flow sends until it has nothing left,
 * its deficit is used up, or the ring is full. A deficit grows by one {@linkplain #QUANTUM quantum} per round, so flows
 * that always have something to send get the same share, within a quantum and a packet, whatever the size of their packets.
 *
 * <p>A flow that was not waiting comes before those that were, as in RFC 8290, section 4.2: a small flow never waits for a
 * round of large ones. It can't do so again before the round is over, since it stays in the list until then.
 *
 * <p>Every operation takes a time that does not depend on the number of flows; nothing is allocated. One thread at a time.
 */
public final class FlowScheduler {
    /**
     * What a flow may send in a round, in bytes: about the largest packet that a port takes at a time. With less, rounds
     * would pass that serve nobody; with more, a flow would wait longer for the others.
     */
    public static final int QUANTUM = 64 << 10;

    /** How a turn ended. */
    public enum Turn {
        /** Nothing is left that could be sent now. */
        DRAINED,
        /** The deficit is used up. */
        SPENT,
        /** The ring is full: the turn goes on when it isn't. */
        BLOCKED
    }

    /** One flow: its place among those that wait, and its deficit. */
    public abstract static class Flow {
        private @Nullable FlowScheduler scheduler;
        private @Nullable Flow previous;
        private @Nullable Flow next;
        private boolean fresh;
        private long deficit;

        /** Sends while {@link #mayGo}, {@linkplain #spend spending} for each packet. */
        protected abstract Turn turn();

        /** Whether the next packet may go, whatever its size: a deficit may be overdrawn once. */
        public final boolean mayGo() {
            return deficit > 0;
        }

        /** A packet of that many bytes, headers included, has gone. */
        public final void spend(int bytes) {
            deficit -= bytes;
        }

        /** Bytes that it may still send. */
        public final long deficit() {
            return deficit;
        }

        /** Lets the flow send a quantum, or without an end, while it does not wait. */
        public final void grant(boolean all) {
            deficit = all ? Long.MAX_VALUE : QUANTUM;
        }

        /** Where it waits, or null. */
        public final @Nullable FlowScheduler scheduler() {
            return scheduler;
        }
    }

    /** A list through the flows themselves. */
    private static final class FlowList {
        @Nullable
        Flow first;

        @Nullable
        Flow last;

        void append(Flow flow) {
            flow.previous = last;
            flow.next = null;
            if (last == null) {
                first = flow;
            } else {
                last.next = flow;
            }
            last = flow;
        }

        void remove(Flow flow) {
            Flow before = flow.previous;
            Flow after = flow.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.previous = before;
            }
            flow.previous = null;
            flow.next = null;
        }
    }

    private final FlowList fresh = new FlowList();
    private final FlowList round = new FlowList();

    /** Nobody waits. */
    public boolean isEmpty() {
        return fresh.first == null && round.first == null;
    }

    /** Has {@code flow}, which waits nowhere, wait for its turn with what is left of its deficit, but a quantum at most. */
    public void enlist(Flow flow) {
        if (flow.scheduler != null) {
            throw new IllegalStateException("the flow waits already");
        }
        flow.scheduler = this;
        flow.deficit = Math.min(flow.deficit, QUANTUM);
        flow.fresh = true;
        fresh.append(flow);
    }

    /** The flow waits no longer. Nothing happens if it doesn't wait here. */
    public void withdraw(Flow flow) {
        if (flow.scheduler == this) {
            (flow.fresh ? fresh : round).remove(flow);
            flow.scheduler = null;
        }
    }

    /**
     * Serves the flows, turn by turn, until all are drained or the ring is full.
     *
     * @return whether all are drained
     */
    public boolean serve() {
        while (true) {
            Flow flow = fresh.first == null ? round.first : fresh.first;
            if (flow == null) {
                return true;
            }
            if (!flow.mayGo()) {
                flow.deficit += QUANTUM;
                toEndOfRound(flow);
                continue;
            }
            Turn turn = flow.turn();
            if (turn == Turn.BLOCKED) {
                return false;
            }
            if (turn == Turn.DRAINED && flow.scheduler == this) {
                drained(flow);
            }
        }
    }

    private void drained(Flow flow) {
        if (flow.fresh && round.first != null) {
            toEndOfRound(flow);
        } else {
            withdraw(flow);
        }
    }

    private void toEndOfRound(Flow flow) {
        (flow.fresh ? fresh : round).remove(flow);
        flow.fresh = false;
        round.append(flow);
    }
}
