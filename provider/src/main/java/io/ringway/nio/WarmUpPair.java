package io.ringway.nio;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Route;
import io.ringway.stack.tcp.ConnectionObserver;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client and a server within one process, each with a selector, for {@link WarmUp}. One thread. */
final class WarmUpPair implements AutoCloseable {
    private static final int HANDSHAKE_POLLS = 3_000;

    /** Addresses that nobody can have. */
    private static final IpEndpoint SERVER = IpEndpoint.v4(1, 1);

    private static final IpEndpoint CLIENT = IpEndpoint.v4(2, 1);

    /** Connections whose ports differ by a multiple of this are next to each other in the table of recent ones. */
    private static final int SAME_PLACE = 64;

    private final Datapath datapath;
    private final SelectorProvider provider;
    private final long end;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RingwaySelector client;
    private final RingwaySelector server;
    private final Lane clientLane;
    /** Where connections arrive. They move to the server's own when they are registered. */
    private final Lane common;

    private final TcpListener listener;
    private final List<SelectionKey> others = new ArrayList<>();
    private int turn;

    /** @param end when, by System.nanoTime, all talk ends at the latest */
    WarmUpPair(Datapath datapath, SelectorProvider provider, long end) throws IOException {
        this.datapath = datapath;
        this.provider = provider;
        this.end = end;
        try {
            this.client = opened(new RingwaySelector(provider, datapath));
            this.server = opened(new RingwaySelector(provider, datapath));
            this.clientLane = client.lane(datapath.port());
            this.common = datapath.commonLane(datapath.port());
            this.listener =
                    opened(new TcpListener(datapath.listeners(), SERVER, false, 1, new TcpOptions(), Nobody.INSTANCE));
        } catch (IOException | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    /** The queue where connection requests arrive. */
    DeviceQueue target() {
        return common.queue;
    }

    /** Lets the server's selector have other channels beside its connections, as those of servers have. */
    void accompany() throws IOException {
        DatagramChannel kernel = opened(provider.openDatagramChannel());
        kernel.configureBlocking(false).register(server, SelectionKey.OP_READ);
        ServerSocketChannel acceptor = opened(provider.openServerSocketChannel());
        others.add(acceptor.configureBlocking(false).register(server, SelectionKey.OP_ACCEPT));
        Pipe pipe = provider.openPipe();
        opened(pipe.sink());
        others.add(opened(pipe.source()).configureBlocking(false).register(server, SelectionKey.OP_READ));
    }

    /** Connects over {@code route}, which leads to {@link #target()}, has a conversation, and closes. */
    void talk(Route route, int rounds) throws IOException {
        int port = 1 + (turn % 2 == 0 ? turn : turn * SAME_PLACE);
        TcpConnection near = TcpConnection.connect(
                clientLane.stack,
                route,
                CLIENT.withPort(port),
                SERVER,
                new TcpOptions(),
                Nobody.INSTANCE,
                System.nanoTime());
        TcpConnection far = accepted();
        if (far == null) {
            near.abort();
            return;
        }
        try (RingwaySocketChannel a = channel(near);
                RingwaySocketChannel b = channel(far)) {
            new WarmUpTalk(client, a, server, b, others, end).run(rounds, turn++);
        }
    }

    private @Nullable TcpConnection accepted() {
        TcpConnection far = null;
        for (int i = 0; far == null && i < HANDSHAKE_POLLS; i++) {
            common.poll(System.nanoTime());
            clientLane.poll(System.nanoTime());
            far = listener.accept();
        }
        return far;
    }

    private RingwaySocketChannel channel(TcpConnection connection) throws IOException {
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
        return channel;
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

    /** The keys of closed channels go first. */
    @Override
    public void close() throws IOException {
        try {
            client.selectNow();
            server.selectNow();
        } finally {
            closeAll();
        }
    }

    private void closeAll() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                datapath.trouble("after the warm-up", e);
            }
        }
    }
}
