package io.ringway.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The event loop of a guest: a listener, what it accepted, and conversations of its own. A connection's first byte says
 * whether to echo, or to check a stream to its end and to note how that came. It never waits for one connection.
 */
final class GuestServer implements Runnable {
    /** What makes it check and drop the rest. */
    static final byte SINK = 'S';

    private static final int BUFFER = 64 << 10;

    /** Connections that were accepted and have not ended. */
    final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /** Bytes of streams that were checked. */
    volatile long sunk; // the loop's thread only

    /** How streams ended: bytes, and "end" or the exception. */
    final Queue<String> ended = new ConcurrentLinkedQueue<>();

    private final Queue<Conversation> joining = new ConcurrentLinkedQueue<>();
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer expected = ByteBuffer.allocateDirect(BUFFER);

    GuestServer() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    private final class Accepted {
        final SocketChannel channel;
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);
        byte kind;
        long position;

        Accepted(SocketChannel channel) {
            this.channel = channel;
        }

        void serve(SelectionKey key) {
            try {
                if (!buffer.hasRemaining() && !receive()) {
                    end("end");
                    return;
                }
                channel.write(buffer);
                key.interestOps(buffer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            } catch (IOException e) {
                end(e.getMessage());
            }
        }

        /** False at the end of the stream. */
        private boolean receive() throws IOException {
            int n = channel.read(buffer.clear());
            buffer.flip();
            if (n > 0 && kind == 0) {
                kind = buffer.get();
            }
            if (kind == SINK) {
                expected.clear().limit(buffer.remaining());
                Conversation.fill(expected, position);
                if (!expected.flip().equals(buffer)) {
                    throw new IOException("wrong bytes");
                }
                position += buffer.remaining();
                sunk += buffer.remaining();
                buffer.position(buffer.limit());
            }
            return n >= 0;
        }

        private void end(String how) {
            if (kind == SINK) {
                ended.add(position + ":" + how);
            }
            open.remove(channel);
            try {
                channel.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Goes on with a conversation in the loop. */
    void join(Conversation conversation) {
        joining.add(conversation);
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select(this::serve);
                for (Conversation c = joining.poll(); c != null; c = joining.poll()) {
                    c.channel().configureBlocking(false);
                    c.channel().register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, c);
                }
            }
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private void serve(SelectionKey key) {
        if (key.attachment() instanceof Conversation c) {
            c.advance(key);
        } else if (key.attachment() instanceof Accepted a) {
            a.serve(key);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                open.add(channel);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Accepted(channel));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
