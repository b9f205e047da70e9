package io.ringway;

/** A named group of settings: what a program wants most. Single keys override it. */
public enum Profile {
    /** Spin long: lowest latency, at the price of processor time. */
    LATENCY(1_000),
    /** Spin while it pays: the default. */
    BALANCED(60),
    /** Spin little: most work per processor second. */
    THROUGHPUT(20);

    private final int spinMicros;

    Profile(int spinMicros) {
        this.spinMicros = spinMicros;
    }

    /** How long a selector polls before it sleeps, at most, in microseconds. */
    public int spinMicros() {
        return spinMicros;
    }
}
