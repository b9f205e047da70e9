package io.ringway.bench.pairs;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts a server's messages and what its thread allocates for them. The server doesn't know when the client measures,
 * so allocation is sampled at each power of two and told for the last half to three quarters of all messages.
 */
final class ServerMeter {
    private static final long FIRST_SAMPLE = 1 << 13;

    private final AtomicLong messages = new AtomicLong();
    private long earlierMessages;
    private long earlierAllocated;
    private long latestMessages;
    private long latestAllocated;

    /** Counts one message. Only the serving thread. */
    void message() {
        long n = messages.getPlain() + 1;
        messages.setOpaque(n);
        if ((n & (n - 1)) == 0 && n >= FIRST_SAMPLE) {
            earlierMessages = latestMessages;
            earlierAllocated = latestAllocated;
            latestMessages = n;
            latestAllocated = Allocation.ofCurrentThread();
        }
    }

    /** Any thread. */
    long messages() {
        return messages.getOpaque();
    }

    /** Only the serving thread. */
    void report(Result result) {
        result.put("messages", messages());
        if (earlierMessages > 0) {
            double bytes = Allocation.ofCurrentThread() - earlierAllocated;
            result.put("allocated_per_message", bytes / (messages() - earlierMessages));
        }
    }
}
