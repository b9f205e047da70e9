package io.ringway.linux;

/**
 * A doorbell that one process rings and another one, or the same, waits for: a non-blocking eventfd. Any thread;
 * {@link #signal()} and {@link #clear()} don't allocate, and do nothing once it is closed.
 */
public final class EventFd implements AutoCloseable {
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    /** The number 1 to write, and behind it a place to read into, the content of which nobody looks at. */
    private static final Struct WORDS = Struct.permanent(16);

    static {
        WORDS.bytes.putLong(0, 1);
    }

    private final Descriptor descriptor;

    private EventFd(int descriptor) {
        this.descriptor = new Descriptor(descriptor);
    }

    /** A new eventfd, closed on exec, not signalled. */
    public static EventFd create() throws LinuxException {
        return new EventFd((int) Kernel.check("eventfd", Kernel.call(SystemCall.EVENTFD2, 0, O_NONBLOCK | O_CLOEXEC)));
    }

    /** Takes over an eventfd that was received from another process, and makes sure that it can't block. */
    public static EventFd of(int descriptor) {
        long flags = Kernel.call(SystemCall.FCNTL, descriptor, F_GETFL);
        if (flags >= 0 && (flags & O_NONBLOCK) == 0) {
            Kernel.call(SystemCall.FCNTL, descriptor, F_SETFL, flags | O_NONBLOCK);
        }
        return new EventFd(descriptor);
    }

    /** The number, to be passed on or waited for; valid until {@link #close()}. */
    public int descriptor() {
        return descriptor.number();
    }

    /** Makes the descriptor readable. One system call. */
    public void signal() {
        int number = descriptor.acquire();
        if (number >= 0) {
            // A full counter (EAGAIN) is a signalled one; any other error means that nobody can listen.
            Kernel.call(SystemCall.WRITE, number, WORDS.address, Long.BYTES);
            descriptor.release();
        }
    }

    /** Makes the descriptor unreadable again, if it was readable, and says whether it was. One system call. */
    public boolean clear() {
        int number = descriptor.acquire();
        if (number < 0) {
            return false;
        }
        long read = Kernel.call(SystemCall.READ, number, WORDS.address + Long.BYTES, Long.BYTES);
        descriptor.release();
        return read > 0;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
