package io.ringway.nic.fabric;

import java.lang.invoke.VarHandle;

/**
 * The one ordering that release and acquire don't give: a store, then a load of another word, against the same two in
 * the other order. Where two sides each write their own word and then read the other's, with a full fence in between on
 * both sides, at least one of them sees the other. Used for publishing against arming, for moving a cursor against
 * wanting room, and for publishing against letting a ring sleep.
 */
final class Fence {
    private Fence() {}

    static void full() {
        VarHandle.fullFence();
    }
}
