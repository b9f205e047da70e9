package io.ringway.stack;

import io.ringway.nic.Link;
import io.ringway.nic.offload.FlowScheduler;
import io.ringway.stack.tcp.TransmitFlow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The flows of a stack that wait to send, in a {@link FlowScheduler} for each link that has some (M5). A flow sends without
 * a turn, and without an end, while nobody else waits for the same link; nothing is looked up then. Owner only.
 */
public final class TransmitQueues {
    private static final class Waiting {
        final FlowScheduler flows = new FlowScheduler();

        @Nullable
        Link link;
    }

    private final NetworkStack stack;
    /** Those in use first, then spare ones. */
    private Waiting[] all = new Waiting[0];

    private int used;
    private boolean contended;
    private boolean runnable;

    TransmitQueues(NetworkStack stack) {
        this.stack = stack;
    }

    /** Nobody waits for any link. */
    public boolean isIdle() {
        return used == 0;
    }

    /** Whoever sends now need not share. */
    public boolean isFree() {
        return used == 0 && !contended;
    }

    /** From now on several flows will send, each of which gets a quantum at first; or that is over. */
    void contended(boolean several) {
        contended = several;
    }

    /** Some flow has something to send whose deficit alone held it back. */
    boolean isRunnable() {
        return runnable;
    }

    /**
     * Says how much {@code flow} may send now, without its turn: everything if nobody else waits for its link, else what is
     * left of a quantum in this round.
     */
    public void admit(TransmitFlow flow) {
        if (flow.scheduler() != null) {
            return;
        }
        Waiting w = used == 0 ? null : find(flow.link());
        flow.grant(w == null && !contended);
        if (w != null) {
            w.flows.enlist(flow);
        }
    }

    /** Has {@code flow}, which has more to send, wait for its turn. */
    public void await(TransmitFlow flow, FlowScheduler.Turn ended) {
        if (flow.scheduler() == null) {
            Link link = flow.link();
            Waiting w = find(link);
            (w == null ? use(link) : w).flows.enlist(flow);
        }
        if (ended == FlowScheduler.Turn.BLOCKED) {
            stack.lacksRoom();
        } else {
            runnable = true;
        }
    }

    /** {@code flow} has nothing to send any more, or not here. */
    public static void withdraw(TransmitFlow flow) {
        FlowScheduler scheduler = flow.scheduler();
        if (scheduler != null) {
            scheduler.withdraw(flow);
        }
    }

    /** Gives the flows their turns, until all are drained or their rings full. */
    void serve() {
        runnable = false;
        for (int i = used - 1; i >= 0; i--) {
            Waiting w = all[i];
            if (w.flows.serve()) {
                w.link = null;
                all[i] = all[--used];
                all[used] = w;
            } else {
                stack.lacksRoom();
            }
        }
    }

    private @Nullable Waiting find(Link link) {
        for (int i = 0; i < used; i++) {
            if (all[i].link == link) {
                return all[i];
            }
        }
        return null;
    }

    private Waiting use(Link link) {
        if (used == all.length) {
            all = Arrays.copyOf(all, used + 4);
            for (int i = used; i < all.length; i++) {
                all[i] = new Waiting();
            }
        }
        Waiting w = all[used++];
        w.link = link;
        return w;
    }
}
