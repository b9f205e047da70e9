package io.ringway.nio;

/**
 * The part of a wait that a thread spends awake: as long as its {@link SpinBudget} allows, with permission of the
 * {@link Spinners}, with the {@link Courtesy} that others are owed. After a spin, and before it sleeps, it lets other
 * threads run once more: what they do meanwhile saves the sleep. One thread at a time.
 */
final class SpinWait {
    /** The wait doesn't go on by polling. */
    static final long SLEEP = Long.MIN_VALUE;

    private final Spinners spinners;
    private final SpinBudget budget;
    private final Courtesy courtesy = new Courtesy();
    private final FirstWaits first;

    private long start;
    private long resumed;
    private long allowance;
    private boolean waiting;
    private boolean permitted;
    private boolean parting;

    SpinWait(Datapath datapath) {
        this(datapath, FirstWaits.none());
    }

    /** One whose first waits are longer. */
    SpinWait(Datapath datapath, FirstWaits first) {
        this.spinners = datapath.spinners();
        this.budget = new SpinBudget(datapath.settings().spinNanos());
        this.first = first;
    }

    /** A wait has begun, and has not ended. */
    boolean isWaiting() {
        return waiting;
    }

    /** How often the next poll looks for a frame before it does anything else; 0 outside of a wait. */
    int looks() {
        return waiting && !parting ? courtesy.looks(resumed - start) : 0;
    }

    /** Something came, whether somebody waited for it or not. */
    void arrived(long now) {
        budget.arrived(now);
    }

    /** Between two polls of a wait: pauses, and returns what the time is then; or {@link #SLEEP}, with which the wait ends. */
    long pause(long now) {
        if (!waiting) {
            begin(now);
        }
        long spent = now - start;
        if (!parting && spent < allowance && isPermitted(spent)) {
            resumed = courtesy.pause(spent, now);
            return resumed;
        }
        if (!parting) {
            parting = true;
            resumed = courtesy.part(now);
            return resumed;
        }
        if (spent >= allowance && allowance != 0) {
            budget.fruitless();
            first.fruitless();
        }
        end();
        return SLEEP;
    }

    private void begin(long now) {
        waiting = true;
        start = now;
        resumed = now;
        boolean may = courtesy.maySpin(now);
        allowance = first.areLeft() ? first.allowance() : may ? budget.allowance() : 0;
        parting = allowance == 0;
    }

    private boolean isPermitted(long spent) {
        if (spent >= Spinners.FREE && !permitted) {
            permitted = spinners.begin();
            return permitted;
        }
        return true;
    }

    /** What was waited for has come, if there was a wait. */
    void found() {
        if (waiting) {
            if (allowance != 0) {
                budget.fruitful(resumed - start);
            }
            courtesy.resume(resumed);
            first.ended();
            end();
        }
    }

    /** The wait, if there was one, is given up. */
    void end() {
        waiting = false;
        if (permitted) {
            permitted = false;
            spinners.done();
        }
    }
}
