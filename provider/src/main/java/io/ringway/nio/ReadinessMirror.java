package io.ringway.nio;

import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import java.io.FileDescriptor;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A channel without a descriptor of its own as a JDK selector sees it: an eventfd that is readable while something is
 * ready that the selector has asked for. It stays readable until the selector finds nothing ready, so it is level-triggered like a
 * socket. Made when a JDK selector first asks. Any thread.
 */
final class ReadinessMirror {
    /** Who has readiness to show. */
    interface Source {
        /** As {@link RingwayChannel#readiness}. May move the channel from one path to another. */
        int readiness();

        /** The same, without a move. Any thread. */
        int readinessNow();
    }

    private final Source source;
    private volatile @Nullable EventFd event;
    private volatile int interest;

    ReadinessMirror(Source source) {
        this.source = source;
    }

    private synchronized EventFd event() {
        EventFd e = event;
        if (e == null) {
            try {
                e = EventFd.create();
            } catch (LinuxException failed) {
                throw new UncheckedIOException(failed);
            }
            event = e;
        }
        return e;
    }

    boolean isOpen() {
        return event != null;
    }

    FileDescriptor descriptor() {
        return IOUtil.newFD(number());
    }

    int number() {
        return event().descriptor();
    }

    /** What the selector asks for from now on. Returns the native events to wait for. */
    int interest(int ops) {
        interest = ops;
        if (ops == 0) {
            return 0;
        }
        changed();
        return Net.POLLIN;
    }

    /** Readiness may have changed. */
    void changed() {
        EventFd e = event;
        if (e != null && (source.readinessNow() & interest) != 0) {
            e.signal();
        }
    }

    /** The descriptor is readable: sets the ready set of {@code key}, and says whether that has something new. */
    boolean translate(SelectionKeyImpl key, boolean update) {
        int interested = key.nioInterestOps();
        int readiness = source.readiness();
        int ready = readiness & interested;
        EventFd e = event;
        if (ready == 0 && e != null) {
            e.clear();
            VarHandle.fullFence();
            changed();
        }
        int old = key.nioReadyOps();
        boolean hungUp = (readiness & RingwayChannel.HUNG_UP) != 0;
        int now = update && !hungUp ? old | ready : ready;
        key.nioReadyOps(now);
        return (now & ~old) != 0;
    }

    synchronized void close() {
        EventFd e = event;
        if (e != null) {
            event = null;
            e.close();
        }
    }
}
