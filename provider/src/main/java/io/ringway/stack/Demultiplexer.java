package io.ringway.stack;

import io.ringway.stack.tcp.Segment;
import io.ringway.stack.tcp.TcpConnection;
import org.jspecify.annotations.Nullable;

/** Finds connections by their 4-tuples: open addressing with linear probing, at most half full. Owner only. */
public final class Demultiplexer {
    private static final int INITIAL = 64;

    private @Nullable TcpConnection[] table = new TcpConnection[INITIAL];
    private int size;

    public int size() {
        return size;
    }

    public @Nullable TcpConnection find(Segment s) {
        TcpConnection[] t = table;
        int i = hash(s.sourceLow, s.sourcePort, s.destinationPort) & t.length - 1;
        while (true) {
            TcpConnection c = t[i];
            if (c == null || s.isOf(c)) {
                return c;
            }
            i = i + 1 & t.length - 1;
        }
    }

    public void add(TcpConnection c) {
        if (++size * 2 > table.length) {
            grow();
        }
        insert(c);
    }

    private void insert(TcpConnection c) {
        int i = slot(c);
        while (table[i] != null) {
            i = i + 1 & table.length - 1;
        }
        table[i] = c;
    }

    /** Removes {@code c} if it is there, closing the hole by moving later entries up. */
    public boolean remove(TcpConnection c) {
        int i = slot(c);
        while (table[i] != c) {
            if (table[i] == null) {
                return false;
            }
            i = i + 1 & table.length - 1;
        }
        size--;
        closeHole(i);
        return true;
    }

    private void closeHole(int at) {
        int mask = table.length - 1;
        int hole = at;
        int i = at + 1 & mask;
        TcpConnection c = table[i];
        while (c != null) {
            int home = slot(c);
            if ((i - home & mask) >= (i - hole & mask)) {
                table[hole] = c;
                hole = i;
            }
            i = i + 1 & mask;
            c = table[i];
        }
        table[hole] = null;
    }

    private void grow() {
        @Nullable TcpConnection[] old = table;
        table = new TcpConnection[old.length * 2];
        for (TcpConnection c : old) {
            if (c != null) {
                insert(c);
            }
        }
    }

    /** All connections, in no order; for rare sweeps. */
    public TcpConnection[] snapshot() {
        TcpConnection[] all = new TcpConnection[size];
        int n = 0;
        for (TcpConnection c : table) {
            if (c != null) {
                all[n++] = c;
            }
        }
        return all;
    }

    private int slot(TcpConnection c) {
        return hash(c.remoteLow(), c.remotePort(), c.localPort()) & table.length - 1;
    }

    private static int hash(long remoteLow, int remotePort, int localPort) {
        long h = (remoteLow ^ (long) remotePort << 16 ^ localPort) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (h >>> 32);
    }
}
