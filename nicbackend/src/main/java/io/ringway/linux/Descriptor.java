package io.ringway.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that is closed once, and only when no call uses it any more: a call on a closed number could
 * otherwise reach a file that was opened since. Any thread; no allocation.
 */
final class Descriptor {
    private static final int CLOSED = 1 << 30;

    private final int number;

    /** Calls that use the number now, plus {@link #CLOSED}. */
    private final AtomicInteger uses = new AtomicInteger();

    Descriptor(int number) {
        this.number = number;
    }

    /** The number, for calls that the caller keeps apart from {@link #close()} by other means. */
    int number() {
        return number;
    }

    /** Begins a call: the number, or -1 when it is closed. Followed by {@link #release()} unless it was -1. */
    int acquire() {
        int before;
        do {
            before = uses.get();
            if ((before & CLOSED) != 0) {
                return -1;
            }
        } while (!uses.compareAndSet(before, before + 1));
        return number;
    }

    /** Like {@link #acquire()}, with an exception in place of -1. */
    int acquire(String operation) throws LinuxException {
        int acquired = acquire();
        if (acquired < 0) {
            throw new LinuxException(operation, Errno.EBADF);
        }
        return acquired;
    }

    /** Ends a call. */
    void release() {
        if (uses.decrementAndGet() == CLOSED) {
            Descriptors.close(number);
        }
    }

    boolean isClosed() {
        return (uses.get() & CLOSED) != 0;
    }

    /** Closes the number now, or when the last call on it ends. Further calls do nothing. */
    void close() {
        int before;
        do {
            before = uses.get();
            if ((before & CLOSED) != 0) {
                return;
            }
        } while (!uses.compareAndSet(before, before | CLOSED));
        if (before == 0) {
            Descriptors.close(number);
        }
    }
}
