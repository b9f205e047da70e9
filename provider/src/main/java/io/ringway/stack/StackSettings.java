package io.ringway.stack;

/**
 * Bounds and intervals of a stack. Times in nanoseconds, sizes in bytes.
 *
 * @param receiveBuffer what a connection may hold unread; the largest window offered
 * @param sendBuffer what a connection accepts while its reader reads
 * @param sendBufferLimit what it accepts while its reader has stalled
 * @param synWait how long a lossless peer may leave a SYN in the ring before the attempt is given up
 * @param connectTimeout how long a SYN that was taken may stay unanswered
 * @param finWait2 how long an orphan waits for the peer's FIN
 * @param timeWait twice the maximum segment lifetime, on ports that can lose and delay
 * @param keepAliveIdle silence before the first keep-alive probe, on ports that can lose
 * @param receiveBatch frames per poll
 */
public record StackSettings(
        int receiveBuffer,
        int sendBuffer,
        int sendBufferLimit,
        long synWait,
        long connectTimeout,
        long finWait2,
        long timeWait,
        long keepAliveIdle,
        int receiveBatch) {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    public static StackSettings defaults() {
        return new StackSettings(
                6 << 20, 1 << 20, 6 << 20, 20 * MILLISECOND, SECOND, 60 * SECOND, 60 * SECOND, 7_200 * SECOND, 64);
    }
}
