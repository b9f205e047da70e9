package io.ringway.bench.pairs;

/** The client side of a pair: keeps a server busy on threads of its own, as long as {@link Phases} says so. */
interface Load extends AutoCloseable {
    /** Connects and begins; returns when all connections are established. */
    void start(Phases phases) throws Exception;

    /** Waits, after {@link Phases#stop()}, until nothing is under way any more; throws if something failed meanwhile. */
    void finish() throws Exception;

    /** Only after {@link #finish()}. */
    void report(Result result);

    @Override
    void close() throws Exception;
}
