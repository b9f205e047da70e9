package io.ringway.stack;

import io.ringway.stack.tcp.TcpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Connections by their next deadline: a binary heap whose entries know their place. A deadline that moves later is left
 * where it is until it comes up, so that re-arming costs nothing. Owner only.
 */
final class TimerQueue {
    private @Nullable TcpConnection[] heap = new TcpConnection[16];
    private int size;

    /** The earliest deadline in nanoseconds, possibly of a timer that has moved later; Long.MAX_VALUE when there is none. */
    long first() {
        TcpConnection c = heap[0];
        return size == 0 || c == null ? Long.MAX_VALUE : c.queuedDeadline;
    }

    /** Takes {@code c}'s present deadline into account. */
    void update(TcpConnection c) {
        long deadline = c.deadline();
        if (c.timerIndex < 0) {
            if (deadline != Long.MAX_VALUE) {
                add(c, deadline);
            }
        } else if (deadline < c.queuedDeadline) {
            c.queuedDeadline = deadline;
            up(c.timerIndex, c);
        }
    }

    private void add(TcpConnection c, long deadline) {
        if (size == heap.length) {
            @Nullable TcpConnection[] larger = new TcpConnection[size * 2];
            System.arraycopy(heap, 0, larger, 0, size);
            heap = larger;
        }
        c.queuedDeadline = deadline;
        up(size++, c);
    }

    /** The next connection whose timer is due, taken out of the queue; null when none is. */
    @Nullable
    TcpConnection poll(long now) {
        while (size > 0) {
            TcpConnection c = at(0);
            if (c.queuedDeadline > now) {
                return null;
            }
            remove(c);
            if (c.deadline() <= now) {
                return c;
            }
            update(c);
        }
        return null;
    }

    void remove(TcpConnection c) {
        int i = c.timerIndex;
        if (i < 0) {
            return;
        }
        c.timerIndex = -1;
        TcpConnection last = at(--size);
        heap[size] = null;
        if (last != c) {
            up(i, last);
            down(last.timerIndex, last);
        }
    }

    private TcpConnection at(int i) {
        TcpConnection c = heap[i];
        if (c == null) {
            throw new IllegalStateException("hole in the timer queue");
        }
        return c;
    }

    private void up(int from, TcpConnection c) {
        int i = from;
        while (i > 0) {
            int parent = i - 1 >>> 1;
            TcpConnection p = at(parent);
            if (p.queuedDeadline <= c.queuedDeadline) {
                break;
            }
            place(i, p);
            i = parent;
        }
        place(i, c);
    }

    private void down(int from, TcpConnection c) {
        int i = from;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && at(child + 1).queuedDeadline < at(child).queuedDeadline) {
                child++;
            }
            TcpConnection smaller = at(child);
            if (c.queuedDeadline <= smaller.queuedDeadline) {
                break;
            }
            place(i, smaller);
            i = child;
        }
        place(i, c);
    }

    private void place(int i, TcpConnection c) {
        heap[i] = c;
        c.timerIndex = i;
    }
}
