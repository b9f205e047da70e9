package io.ringway.nic.fabric;

import org.jspecify.annotations.Nullable;

/**
 * What this process knows of another one, from the first attempt to reach it on. Guarded by itself, except for reads of
 * {@link #peer}.
 */
final class Acquaintance {
    final long nonce;

    /** Where this process keeps what concerns the other one. */
    final long pair;

    volatile @Nullable RemotePeer peer;

    boolean called;
    boolean refused;
    boolean lost;

    /** The other process, as this one sees it; 0 if unknown. */
    int pid;

    /** When this process began to wait for a first answer. */
    long calledAt;

    Acquaintance(long nonce, long pair) {
        this.nonce = nonce;
        this.pair = pair;
    }

    /** It was met, and is gone: whoever comes under its number now starts anew. */
    boolean isOver() {
        RemotePeer met = peer;
        return met != null && met.isGone();
    }
}
