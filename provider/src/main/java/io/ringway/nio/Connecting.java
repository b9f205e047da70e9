package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import io.ringway.stack.tcp.ConnectionObserver;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Decides which path a connect takes, and takes it. The caller holds both locks of the channel. */
final class Connecting {
    private Connecting() {}

    /** What was decided: a route, or the reason for the kernel. */
    private record Choice(@Nullable Route route, PathReason reason) {}

    /** The path for a connect to {@code remote}: a connection that has been started, or the kernel's, not yet connected. */
    static SocketPath begin(UndecidedPath from, SocketAddress remote) throws IOException {
        RingwaySocketChannel channel = from.channel;
        InetSocketAddress to = concrete((InetSocketAddress) remote);
        InetSocketAddress bound = (InetSocketAddress) from.localAddress();
        Choice choice = choose(from, to, bound);
        Route route = choice.route;
        SocketPath path = route == null ? null : accelerated(from, route, to, bound);
        if (path == null) {
            PathReason reason = route == null ? choice.reason : PathReason.DEVICE_ERROR;
            path = kernel(channel, from.kernel(), reason, to);
        }
        return path;
    }

    private static Choice choose(UndecidedPath from, InetSocketAddress to, @Nullable InetSocketAddress bound) {
        RingwaySocketChannel channel = from.channel;
        Datapath datapath = channel.datapath;
        datapath.used();
        IpEndpoint destination = IpEndpoint.of(to);
        if (!datapath.settings().mayAccelerate(destination)) {
            return new Choice(null, datapath.settings().fabric() ? PathReason.EXCLUDED_BY_RULE : PathReason.TURNED_OFF);
        }
        if (from.options().wantsUrgentData()) {
            return new Choice(null, PathReason.OPTION_NOT_SUPPORTED);
        }
        if (channel.hasForeignKey()) {
            return new Choice(null, PathReason.FOREIGN_SELECTOR);
        }
        PathReason obstacle = datapath.obstacle();
        if (obstacle != null) {
            return new Choice(null, obstacle);
        }
        datapath.warmUpForClient();
        IpEndpoint source = bound == null || bound.getAddress().isAnyLocalAddress() ? null : IpEndpoint.of(bound);
        return choice(datapath.resolve(destination, source));
    }

    /** Not by a switch over its types, which is linked at run time, in the first connect of a process. */
    private static Choice choice(Resolution resolution) {
        if (resolution instanceof Resolution.Found found) {
            return new Choice(found.route(), PathReason.FABRIC);
        }
        Resolution.Refused refused = (Resolution.Refused) resolution;
        return new Choice(null, PathReason.valueOf(refused.reason().name()));
    }

    /** The wildcard means this host. */
    private static InetSocketAddress concrete(InetSocketAddress remote) throws IOException {
        InetAddress address = remote.getAddress();
        if (!address.isAnyLocalAddress()) {
            return remote;
        }
        byte[] loopback = new byte[address.getAddress().length];
        loopback[loopback.length - 1] = 1;
        if (loopback.length == Integer.BYTES) {
            loopback[0] = 127;
        }
        return new InetSocketAddress(InetAddress.getByAddress(loopback), remote.getPort());
    }

    /** Starts a connection over the port of {@code route}; null if there is no local port number for it. */
    private static @Nullable AcceleratedPath accelerated(
            UndecidedPath from, Route route, InetSocketAddress to, @Nullable InetSocketAddress bound)
            throws IOException {
        RingwaySocketChannel channel = from.channel;
        Port port = route.port();
        IpEndpoint destination = IpEndpoint.of(to);
        int claimed = bound == null ? port.claimLocalPort(destination) : 0;
        int number = bound == null ? claimed : bound.getPort();
        if (number == 0) {
            return null;
        }
        IpEndpoint local = bound == null || bound.getAddress().isAnyLocalAddress()
                ? route.source().withPort(number)
                : IpEndpoint.of(bound);
        channel.hold(from.takeKernel());
        Lane lane = channel.connectLane(route);
        ConnectionStart start = new ConnectionStart();
        ChannelOptions options = from.options();
        TcpConnection connection =
                TcpConnection.connect(lane.stack, route, local, destination, options.tcp(), start, System.nanoTime());
        if (claimed != 0) {
            connection.onClosed(new PortReturn(port, destination, claimed));
        }
        AcceleratedPath path = new AcceleratedPath(channel, connection, local.toSocketAddress(), to, options, false);
        path.bound(bound);
        connection.observer(new PathObserver(path));
        channel.datapath.interrupts().traffic();
        return path;
    }

    /** Observes a connection until its path is there, which then looks for itself. */
    private static final class ConnectionStart implements ConnectionObserver {
        @Override
        public void readinessChanged() {
            // The path asks for the readiness once it observes.
        }
    }

    /** Gives a port number back when the connection is gone. */
    private record PortReturn(Port port, IpEndpoint destination, int number) implements Runnable {
        @Override
        public void run() {
            port.releaseLocalPort(destination, number);
        }
    }

    private static KernelPath kernel(
            RingwaySocketChannel channel, SocketChannel kernel, PathReason reason, InetSocketAddress to)
            throws IOException {
        if (channel.datapath.isStrict(reason)) {
            throw new IOException(
                    to + " can't be accelerated: " + reason + " (ringway.strict=true makes this an error)");
        }
        return new KernelPath(channel, kernel, reason);
    }

    // Fall-backs from an attempt that has failed.

    private static KernelPath replace(AcceleratedPath failed, SocketAddress remote, ChannelOptions options)
            throws IOException {
        RingwaySocketChannel channel = failed.channel;
        if (failed.isMirrored()) {
            throw new ConnectException("Connection refused");
        }
        PathReason reason = switch (failed.connection.failure()) {
            case PEER_NOT_RESPONDING, TIMED_OUT -> PathReason.PEER_NOT_RESPONDING;
            default -> PathReason.PEER_NOT_ON_FABRIC;
        };
        SocketChannel kernel = channel.takeHeld();
        if (kernel == null) {
            kernel = KernelProvider.JDK.openSocketChannel(channel.family);
            options.applyTo(kernel);
        }
        kernel.configureBlocking(channel.blocking());
        return kernel(channel, kernel, reason, (InetSocketAddress) remote);
    }

    /** In blocking mode: connects before it returns. */
    static void fallBack(AcceleratedPath failed, SocketAddress remote, ChannelOptions options, int millis)
            throws IOException {
        KernelPath path = replace(failed, remote, options);
        goTo(failed.channel, path);
        path.connect(remote, millis);
    }

    /** In finishConnect: true if the kernel has connected at once. */
    static boolean fallBack(AcceleratedPath failed, SocketAddress remote, ChannelOptions options) throws IOException {
        KernelPath path = replace(failed, remote, options);
        goTo(failed.channel, path);
        return path.connect(remote);
    }

    /** Not in a call of the program's, who hears of the outcome by OP_CONNECT and finishConnect. */
    static void fallBackUnasked(AcceleratedPath failed, SocketAddress remote, ChannelOptions options)
            throws IOException {
        KernelPath path = replace(failed, remote, options);
        path.connectForLater(remote);
        goTo(failed.channel, path);
    }

    private static void goTo(RingwaySocketChannel channel, KernelPath path) throws IOException {
        try {
            channel.goTo(path);
        } catch (ClosedChannelException e) {
            // It was closed meanwhile, and knows nothing of this one.
            path.close();
            throw e;
        }
    }

    /** Whether the kernel may do better where an attempt ended like this. */
    static boolean isFallBack(Failure failure) {
        return switch (failure) {
            case NONE, RESET, ABORTED -> false;
            case REFUSED, PEER_NOT_RESPONDING, PEER_GONE, TIMED_OUT -> true;
        };
    }
}
