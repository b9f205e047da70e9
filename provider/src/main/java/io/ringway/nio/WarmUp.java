package io.ringway.nio;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Port;
import io.ringway.stack.tcp.ConnectionObserver;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the way that messages take over a connection from this process to itself, so that the JVM has loaded and compiled
 * it when the program's first messages come: some thousand times in a server, a hundred times in a client. Once for each
 * in a process, in a thread of its own, after the first TCP bind or connect; ends by itself.
 */
final class WarmUp implements Runnable {
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(400);
    /** A program that connects to itself at once is not disturbed. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int ROUNDS = 3_000;
    /** With more, the compiler has so much to do that the program waits for it. */
    private static final int CLIENT_ROUNDS = 100;

    private static final int SMALL = 64;
    private static final int LARGE = 4_000;
    /** One message in this many is a large one. */
    private static final int LARGE_EVERY = 8;

    /** Addresses that nobody can have. */
    private static final IpEndpoint SERVER = IpEndpoint.v4(1, 1);

    private static final IpEndpoint CLIENT = IpEndpoint.v4(2, 1);

    private final Datapath datapath;
    private final SelectorProvider provider;

    private final long delay;
    private final int rounds;

    private WarmUp(Datapath datapath, SelectorProvider provider, long delay, int rounds) {
        this.datapath = datapath;
        this.provider = provider;
        this.delay = delay;
        this.rounds = rounds;
    }

    /** For a server, which has time before its first connection. */
    static void forServer(Datapath datapath, SelectorProvider provider) {
        start(new WarmUp(datapath, provider, DELAY, ROUNDS));
    }

    /** For a client, which has none: few rounds, at once, beside its first connect, on another processor if there is one. */
    static void forClient(Datapath datapath, SelectorProvider provider) {
        start(new WarmUp(datapath, provider, 0, CLIENT_ROUNDS));
    }

    private static void start(WarmUp warmUp) {
        Thread thread = new Thread(null, warmUp, "ringway-warm-up", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        if (delay > 0) {
            LockSupport.parkNanos(delay);
        }
        try (RingwaySelector client = new RingwaySelector(provider, datapath);
                RingwaySelector server = new RingwaySelector(provider, datapath)) {
            talk(client, server);
        } catch (IOException | RuntimeException e) {
            datapath.trouble("warming up", e);
        }
    }

    private void talk(RingwaySelector client, RingwaySelector server) throws IOException {
        Port port = datapath.port();
        Lane to = server.lane(port);
        try (TcpListener listener =
                new TcpListener(datapath.listeners(), SERVER, false, 1, new TcpOptions(), Nobody.INSTANCE)) {
            TcpConnection near = TcpConnection.connect(
                    client.lane(port).stack,
                    port.routeTo(to.queue),
                    CLIENT,
                    SERVER,
                    new TcpOptions(),
                    Nobody.INSTANCE,
                    System.nanoTime());
            TcpConnection far = null;
            for (int i = 0; far == null && i < ROUNDS; i++) {
                to.poll(System.nanoTime());
                client.lane(port).poll(System.nanoTime());
                far = listener.accept();
            }
            if (far == null) {
                near.abort();
                return;
            }
            try (RingwaySocketChannel a = channel(near, client);
                    RingwaySocketChannel b = channel(far, server)) {
                pingPong(a, client, b, server);
            }
        }
        client.selectNow();
        server.selectNow();
    }

    /** The loop looks for itself. */
    private enum Nobody implements ConnectionObserver, Runnable {
        INSTANCE;

        @Override
        public void readinessChanged() {
            // Nothing.
        }

        @Override
        public void run() {
            // Nothing.
        }
    }

    private RingwaySocketChannel channel(TcpConnection connection, RingwaySelector selector) throws IOException {
        RingwaySocketChannel channel = new RingwaySocketChannel(provider, StandardProtocolFamily.INET, datapath);
        AcceleratedPath path = new AcceleratedPath(
                channel,
                connection,
                connection.local().toSocketAddress(),
                connection.remote().toSocketAddress(),
                new ChannelOptions(),
                true);
        channel.put(path);
        connection.observer(new PathObserver(path));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    private void pingPong(RingwaySocketChannel a, RingwaySelector forA, RingwaySocketChannel b, RingwaySelector forB)
            throws IOException {
        ByteBuffer[] buffers = {ByteBuffer.allocateDirect(LARGE), ByteBuffer.allocate(LARGE)};
        long end = System.nanoTime() + LONGEST;
        for (int i = 0; i < rounds && System.nanoTime() < end; i++) {
            int size = i % LARGE_EVERY == LARGE_EVERY - 1 ? LARGE : SMALL;
            ByteBuffer buffer = buffers[i & 1];
            pass(a, b, forB, buffer.clear().limit(size));
            pass(b, a, forA, buffer.clear().limit(size));
        }
    }

    private static void pass(
            RingwaySocketChannel from, RingwaySocketChannel to, RingwaySelector selector, ByteBuffer buffer)
            throws IOException {
        int size = buffer.limit();
        from.write(buffer);
        buffer.clear();
        while (buffer.position() < size && selector.select(1) >= 0) {
            selector.selectedKeys().clear();
            if (to.read(buffer) < 0) {
                throw new IOException("the connection ended");
            }
        }
    }
}
