package io.ringway.nic.fabric;

import io.ringway.linux.DescriptorSink;
import io.ringway.linux.Descriptors;
import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One connection between two processes, cut into messages: {length of what follows, type, content}, descriptors beside
 * them in the order of the messages that use them. Any thread may send; the one that reads is the rendezvous thread, or
 * a caller that asks for a status.
 */
final class PeerStream implements AutoCloseable {
    static final int HELLO = 1;
    static final int REFUSED = 2;
    static final int QUEUE = 3;
    static final int QUEUE_CLOSED = 4;
    static final int STATUS_REQUEST = 5;
    static final int STATUS = 6;
    static final int QUEUE_REQUEST = 7;

    /** Rings a queue for a sender that could not take its doorbell. */
    static final int QUEUE_RING = 8;

    private static final int LARGEST = 8 << 20;
    private static final int MOST_DESCRIPTORS = 300;
    private static final int PREFIX = 8;

    private final LocalSocket socket;
    private final Deque<Integer> descriptors = new ArrayDeque<>();
    private final DescriptorSink received = new Received();
    private ByteBuffer in = buffer(512);
    private volatile boolean doomed;

    /** Whom it leads to, once that is known. */
    volatile @Nullable RemotePeer peer;

    /** The process that this one connected to; 0 for accepted connections. */
    final long expected;

    PeerStream(LocalSocket socket, long expected) {
        this.socket = socket;
        this.expected = expected;
    }

    private final class Received implements DescriptorSink {
        @Override
        public void accept(int descriptor) {
            descriptors.addLast(descriptor);
        }
    }

    LocalSocket socket() {
        return socket;
    }

    static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /** An empty message with room for so many bytes of content. */
    static ByteBuffer message(int type, int room) {
        return buffer(PREFIX + room).putInt(0).putInt(type);
    }

    /** Sends what was written into a {@link #message}, and descriptors with it, which stay open here. */
    synchronized void send(ByteBuffer message, int... passed) throws LinuxException {
        message.flip();
        message.putInt(0, message.limit() - 4);
        socket.send(message, passed);
    }

    /** Takes messages off the connection and hands over each: the descriptor is -1 where none is left. */
    interface Messages {
        /** The content is valid during the call; the descriptors of the stream are taken with {@link #takeDescriptor}. */
        void onMessage(PeerStream stream, int type, ByteBuffer content);
    }

    /**
     * Reads what is there.
     *
     * @return false when the other end is gone, or says what makes no sense
     */
    boolean read(Messages messages) {
        try {
            while (true) {
                if (!in.hasRemaining()) {
                    in = buffer(2 * in.capacity()).put(in.flip());
                }
                int count = socket.receive(in, received);
                if (count <= 0) {
                    return count == 0;
                }
                if (descriptors.size() > MOST_DESCRIPTORS || !handOver(messages)) {
                    return false;
                }
            }
        } catch (LinuxException e) {
            return false;
        }
    }

    private boolean handOver(Messages messages) {
        in.flip();
        while (in.remaining() >= PREFIX) {
            int length = in.getInt(in.position());
            if (length < 4 || length > LARGEST) {
                return false;
            }
            if (in.remaining() < 4 + length) {
                break;
            }
            int type = in.getInt(in.position() + 4);
            ByteBuffer content = in.slice(in.position() + PREFIX, length - 4).order(ByteOrder.nativeOrder());
            in.position(in.position() + 4 + length);
            messages.onMessage(this, type, content);
        }
        in.compact();
        return !doomed;
    }

    /** The descriptor that belongs to the message at hand, -1 where none was passed, or it was lost. The caller owns it. */
    int takeDescriptor() {
        Integer next = descriptors.pollFirst();
        return next == null ? -1 : next;
    }

    /** To be closed by the thread that reads. */
    void doom() {
        doomed = true;
    }

    boolean isDoomed() {
        return doomed;
    }

    @Override
    public void close() {
        socket.close();
        for (int descriptor : descriptors) {
            if (descriptor >= 0) {
                Descriptors.close(descriptor);
            }
        }
        descriptors.clear();
    }
}
