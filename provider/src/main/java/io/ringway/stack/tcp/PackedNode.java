package io.ringway.stack.tcp;

import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import java.nio.ByteBuffer;

/** Small payloads, one behind the other, in heap memory. */
final class PackedNode extends StreamNode {
    private static final int FIRST = 2 << 10;
    private static final int LARGEST = 8 << 10;

    private final byte[] data;
    /** The producer's copy of the consumer's position. */
    private long knownRead;

    /** Capacity 0 or a power of two. */
    PackedNode(int capacity) {
        data = new byte[capacity];
    }

    static int nextCapacity(StreamNode before) {
        return before instanceof PackedNode p && p.capacity() > 0 ? Math.min(p.capacity() * 2, LARGEST) : FIRST;
    }

    int capacity() {
        return data.length;
    }

    @Override
    void restart(int newSerial) {
        super.restart(newSerial);
        knownRead = 0;
    }

    /** Producer: bytes that fit now. */
    int free() {
        int free = data.length - (int) (written() - knownRead);
        if (free == 0) {
            knownRead = position();
            free = data.length - (int) (written() - knownRead);
        }
        return free;
    }

    /** Producer: appends up to {@code length} bytes, as many as fit without wrapping. */
    int append(MemoryView view, long offset, int length) {
        long at = written();
        int index = (int) at & data.length - 1;
        int n = Math.min(Math.min(length, free()), data.length - index);
        view.get(offset, data, index, n);
        written(at + n);
        return n;
    }

    /** Producer: the same from a buffer. */
    int append(ByteBuffer source, int length) {
        long at = written();
        int index = (int) at & data.length - 1;
        int n = Math.min(Math.min(length, free()), data.length - index);
        source.get(data, index, n);
        written(at + n);
        return n;
    }

    @Override
    int run() {
        long at = position();
        return Math.min((int) (written() - at), data.length - ((int) at & data.length - 1));
    }

    @Override
    int read(ByteBuffer target) {
        long at = position();
        int available = (int) (written() - at);
        if (available == 0) {
            return 0;
        }
        int index = (int) at & data.length - 1;
        int n = Math.min(Math.min(available, target.remaining()), data.length - index);
        target.put(data, index, n);
        position(at + n);
        return n;
    }

    /** Consumer: the same into memory. */
    int read(MemoryView view, long offset, int length) {
        long at = position();
        int available = (int) (written() - at);
        if (available == 0) {
            return 0;
        }
        int index = (int) at & data.length - 1;
        int n = Math.min(Math.min(available, length), data.length - index);
        view.put(offset, data, index, n);
        position(at + n);
        return n;
    }

    @Override
    void reclaim(NetworkStack owner) {
        // Heap memory: the node as a whole is used again.
    }
}
