package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.nic.IpEndpoint;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.tcp.TcpConnection;
import io.ringway.stack.tcp.TcpListener;
import io.ringway.stack.tcp.TcpOptions;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;

/**
 * The part of a server channel that listens on our ports, beside the kernel's. Where both have connections, each has its
 * turn.
 */
final class FabricListener implements AutoCloseable {
    /** So often the kernel comes first. */
    private static final int KERNEL_TURN = 4;

    private final Datapath datapath;
    private final RingwayServerSocketChannel channel;
    private final ServerSocketChannel kernel;
    private final TcpListener listener;
    private final List<AutoCloseable> publications = new ArrayList<>();
    private final BlockingWait wait;

    /** Accept lock of the channel. */
    private @Nullable KernelAccepts kernelAccepts;

    private int turn;
    private final KernelBacklog kernelBacklog;

    private volatile boolean interrupted;
    private volatile boolean closed;

    private FabricListener(
            Datapath datapath,
            RingwayServerSocketChannel channel,
            ServerSocketChannel kernel,
            IpEndpoint bound,
            boolean dualStack,
            int backlog) {
        this.datapath = datapath;
        this.channel = channel;
        this.kernel = kernel;
        this.wait = new BlockingWait(datapath);
        this.kernelBacklog = new KernelBacklog(((SelChImpl) kernel).getFDVal());
        this.listener =
                new TcpListener(datapath.listeners(), bound, dualStack, backlog, new TcpOptions(), new Bell(this));
        for (Lane common : datapath.commonLanes()) {
            publish(common, bound, dualStack);
        }
        datapath.warmUpForServer();
    }

    /** On the port of {@code common}. Where that fails, the listener is to be found on the other ports, and in the kernel. */
    private void publish(Lane common, IpEndpoint bound, boolean dualStack) {
        try {
            publications.add(common.port.publish(bound, dualStack, common.queue));
        } catch (IOException | RuntimeException e) {
            datapath.trouble("a listener can't be found on port " + common.port.name(), e);
        }
    }

    /** Why a bound kernel listener must stay alone, or FABRIC if it need not. */
    static PathReason obstacle(Datapath datapath, ServerSocketChannel kernel) throws IOException {
        datapath.used();
        if (!datapath.settings().mayAccelerate(IpEndpoint.of((InetSocketAddress) kernel.getLocalAddress()))) {
            return datapath.settings().fabric() ? PathReason.EXCLUDED_BY_RULE : PathReason.TURNED_OFF;
        }
        if (kernel.getOption(StandardSocketOptions.SO_REUSEPORT)) {
            return PathReason.OPTION_NOT_SUPPORTED;
        }
        PathReason obstacle = datapath.obstacle();
        return obstacle == null ? PathReason.FABRIC : obstacle;
    }

    /** Listens beside {@code kernel}, which is bound and in non-blocking mode. */
    static FabricListener open(
            Datapath datapath,
            RingwayServerSocketChannel channel,
            ServerSocketChannel kernel,
            StandardProtocolFamily family,
            int backlog)
            throws IOException {
        InetSocketAddress bound = (InetSocketAddress) kernel.getLocalAddress();
        boolean dualStack =
                family == StandardProtocolFamily.INET6 && bound.getAddress().isAnyLocalAddress();
        return new FabricListener(datapath, channel, kernel, IpEndpoint.of(bound), dualStack, backlog);
    }

    /** Tells the listener of connections for as long as somebody has the channel. By whoever owns the stack. */
    private static final class Bell extends WeakReference<FabricListener> implements Runnable {
        Bell(FabricListener listener) {
            super(listener);
        }

        @Override
        public void run() {
            FabricListener listener = get();
            if (listener != null) {
                listener.arrived();
            }
        }
    }

    /** A connection of the stack can be accepted. */
    private void arrived() {
        if (datapath.interrupts().isCurrentThread()) {
            interrupted = true;
        }
        channel.acceptable();
        wait.wake();
    }

    boolean acceptable() {
        return listener.acceptable();
    }

    /** The common lane whose packet the InterruptProcessor delivered since the last call, or null. Selecting thread. */
    @Nullable
    Lane takeInterrupted() {
        if (!interrupted) {
            return null;
        }
        interrupted = false;
        NetworkStack stack = listener.nextStack();
        return stack == null ? datapath.commonLanes()[0] : datapath.commonLane(stack);
    }

    /** The next connection of either kind, or null. Accept lock held. */
    @Nullable
    SocketChannel tryAccept() throws IOException {
        if (++turn % KERNEL_TURN != 0) {
            SocketChannel accepted = fromStack();
            return accepted == null ? fromKernel() : accepted;
        }
        SocketChannel accepted;
        try {
            accepted = fromKernel();
        } catch (IOException e) {
            // Out of descriptors, for instance, of which a connection of the stack needs none.
            accepted = fromStack();
            if (accepted == null) {
                throw e;
            }
        }
        return accepted == null ? fromStack() : accepted;
    }

    private @Nullable SocketChannel fromKernel() throws IOException {
        if (kernelBacklog.isEmpty()) {
            return null;
        }
        SocketChannel accepted = kernel.accept();
        return accepted == null ? null : channel.fromKernel(accepted);
    }

    private @Nullable SocketChannel fromStack() throws IOException {
        TcpConnection accepted = listener.accept();
        return accepted == null ? null : channel.fromStack(accepted);
    }

    /**
     * Waits until there may be a connection. False when the deadline has passed, or the thread is interrupted. Accept
     * lock held.
     */
    boolean await(long deadline) throws IOException {
        KernelAccepts accepts = kernelAccepts;
        if (accepts == null) {
            accepts = new KernelAccepts();
            kernelAccepts = accepts;
        }
        accepts.watch();
        datapath.interrupts().traffic();
        return wait.await(accepts, null, deadline);
    }

    /** Withdraws the listener, and ends waits. Connections that were not accepted are reset. */
    @Override
    public void close() {
        closed = true;
        for (AutoCloseable publication : publications) {
            try {
                publication.close();
            } catch (Exception e) {
                datapath.trouble("withdrawing a listener", e);
            }
        }
        listener.close();
        wait.wake();
        KernelAccepts accepts = kernelAccepts;
        if (accepts != null) {
            accepts.close();
        }
    }

    /** The InterruptProcessor watches the kernel's listener for a thread that waits for both. */
    private final class KernelAccepts implements Parking.Condition, InterruptProcessor.Watch {
        private final InterruptProcessor.Watched watched;
        private volatile boolean ready;

        KernelAccepts() throws IOException {
            watched = datapath.interrupts().watch(((SelChImpl) kernel).getFDVal(), this);
        }

        void watch() {
            ready = false;
            watched.again();
        }

        @Override
        public void readable() {
            ready = true;
            wait.wake();
        }

        @Override
        public boolean holds() {
            return ready || closed || listener.acceptable() || !channel.isOpen();
        }

        void close() {
            watched.close();
        }
    }
}
