package io.ringway.stack;

import io.ringway.stack.tcp.TcpConnection;
import java.util.Arrays;

/** A growing list without garbage. Owner only. */
final class ConnectionList {
    private static final int KEPT = 64;

    private TcpConnection[] items = new TcpConnection[KEPT];
    /** How many there are; read only. */
    int size;

    TcpConnection get(int index) {
        return items[index];
    }

    void add(TcpConnection c) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = c;
    }

    void remove(TcpConnection c) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (items[i] != c) {
                items[kept++] = items[i];
            }
        }
        Arrays.fill(items, kept, size, null);
        size = kept;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            items[i] = null;
        }
        size = 0;
    }
}
