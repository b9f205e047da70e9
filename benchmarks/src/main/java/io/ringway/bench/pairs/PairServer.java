package io.ringway.bench.pairs;

/** The server side of a pair. */
interface PairServer extends AutoCloseable {
    /** What a client needs to reach it: a port number, or the path of a file. */
    String address();

    /** Serves until all clients have gone (at least one having come). */
    void serve() throws Exception;

    /** Changes while there is something to do. Any thread. */
    long progress();

    void report(Result result);

    @Override
    void close() throws Exception;
}
