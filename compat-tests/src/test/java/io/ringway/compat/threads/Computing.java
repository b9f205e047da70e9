package io.ringway.compat.threads;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import io.ringway.compat.support.Parent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A server that serves a client, and then computes outside of select until its parent ends its input; then it selects
 * again, reads all that has come, and tells how many connections and bytes that were. Argument: what it does before it
 * computes.
 */
final class Computing implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    /** What has happened when it begins to compute. */
    enum Beginning {
        /** A client was accepted, in the selection before. */
        ACCEPTED,
        /** A byte was read. */
        READ,
        /** The client was written to until nothing more went. */
        WRITTEN
    }

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open().bind(Loopback.anyPort());
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private volatile boolean stopped;
    private int accepted;
    private int ended;
    private long received;

    private Computing() throws IOException {
        listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] arguments) throws Exception {
        try (Computing program = new Computing()) {
            program.run(Beginning.valueOf(arguments[0]));
        }
    }

    private void run(Beginning beginning) throws Exception {
        Parent.tell("port " + ((InetSocketAddress) listener.getLocalAddress()).getPort());
        while (beginning == Beginning.ACCEPTED ? accepted == 0 : received == 0) {
            select();
        }
        if (beginning == Beginning.WRITTEN) {
            for (SelectionKey key : selector.keys()) {
                if (key.channel() instanceof SocketChannel channel) {
                    Parent.tell("written " + Io.writeUntilFull(channel, CHUNK));
                }
            }
        }
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Parent.awaitEnd();
            } catch (IOException e) {
                Parent.tell(e.toString());
            }
            stopped = true;
        });
        Parent.tell("computing");
        while (!stopped) {
            Thread.onSpinWait();
        }
        do {
            select();
        } while (ended < accepted);
        Parent.tell("accepted " + accepted);
        Parent.tell("received " + received);
    }

    private void select() throws IOException {
        selector.select(key -> {
            try {
                if (key.channel() instanceof SocketChannel channel) {
                    read(channel);
                } else {
                    accept();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            accepted++;
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
    }

    private void read(SocketChannel channel) throws IOException {
        int n = channel.read(buffer.clear());
        if (n < 0) {
            ended++;
            channel.close();
        } else {
            received += n;
        }
    }

    @Override
    public void close() throws IOException {
        try (selector;
                listener) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }
}
