package io.ringway.stack;

/** The bits of a connection's readiness. They have the values of NIO's operation sets, so that no translation is needed. */
public final class Readiness {
    /** Data, end of stream or an error can be read. */
    public static final int READ = 1;
    /** A write would accept at least one byte, or fail at once. */
    public static final int WRITE = 1 << 2;
    /** The connection attempt has ended, well or not. */
    public static final int CONNECT = 1 << 3;
    /** A connection can be accepted. */
    public static final int ACCEPT = 1 << 4;

    /** Nothing goes either way any more. */
    public static final int HUNG_UP = 1 << 5;

    private Readiness() {}
}
