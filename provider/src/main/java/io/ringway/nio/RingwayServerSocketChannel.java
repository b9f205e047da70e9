package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.stack.tcp.TcpConnection;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/** A TCP server channel. It always holds the kernel's port, and accepts from there and from the ports of Ringway. */
final class RingwayServerSocketChannel extends ServerSocketChannel implements RingwayChannel, InterruptibleCalls {
    private static final int DEFAULT_BACKLOG = 50;

    private final StandardProtocolFamily family;
    final Datapath datapath;
    private final ServerSocketChannel kernel;
    private final ChannelKeys keys = new ChannelKeys();
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final Object stateLock = new Object();

    /** Written under stateLock. */
    private volatile @Nullable FabricListener listener;

    private volatile @Nullable PathReason reason;

    /** The options that were set, which accepted connections inherit. Under stateLock; replaced, not changed. */
    private volatile Set<SocketOption<?>> optionsSet = Set.of();

    private volatile boolean reuseAddress = true;

    /** A JDK selector watches the file descriptor, which must outlive the key. */
    private volatile boolean watchedByForeign;

    /** Under stateLock. */
    private @Nullable ChannelServerSocket socket;

    RingwayServerSocketChannel(SelectorProvider provider, StandardProtocolFamily family, Datapath datapath)
            throws IOException {
        super(provider);
        this.family = family;
        this.datapath = datapath;
        this.kernel = KernelProvider.JDK.openServerSocketChannel(family);
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** Closes this channel if {@code e}, or the interrupt that it tells of, closed the kernel's. Returns {@code e}. */
    private IOException follow(IOException e) {
        if (!kernel.isOpen()) {
            try {
                close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
        }
        return e;
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        ensureOpen();
        kernel.bind(local, backlog);
        acceptLock.lock();
        try {
            publish(backlog);
        } finally {
            acceptLock.unlock();
        }
        datapath.statistics().add(this);
        return this;
    }

    /** Lets clients come over our ports too, where nothing speaks against it. */
    private void publish(int backlog) throws IOException {
        PathReason why = FabricListener.obstacle(datapath, kernel);
        reason = why;
        if (why == PathReason.FABRIC) {
            kernel.configureBlocking(false);
            FabricListener opened =
                    FabricListener.open(datapath, this, kernel, family, backlog < 1 ? DEFAULT_BACKLOG : backlog);
            boolean closed;
            synchronized (stateLock) {
                closed = !isOpen();
                listener = closed ? null : opened;
            }
            if (closed) {
                opened.close();
            } else if (opened.acceptable()) {
                // It arrived when there was no listener here yet, for whoever looked.
                acceptable();
            }
        } else if (datapath.isStrict(why)) {
            throw new IOException(
                    getLocalAddress() + " can't be accelerated: " + why + " (ringway.strict=true makes this an error)");
        }
    }

    /** Why the listener is, or is not, on our ports; null while it is not bound. */
    @Nullable
    PathReason reason() {
        return reason;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return kernel.getLocalAddress();
    }

    /** Null when unbound. Stays known after the channel is closed. */
    @Nullable
    SocketAddress localAddress() {
        return kernel.socket().getLocalSocketAddress();
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        ensureOpen();
        FabricListener l = listener;
        if (l != null) {
            return acceptAny(l, Long.MAX_VALUE);
        }
        try {
            SocketChannel accepted = kernel.accept();
            return accepted == null ? null : fromKernel(accepted);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    /** As {@code ServerSocket.accept} with a time-out. */
    SocketChannel accept(int millis) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        if (!isOpen()) {
            // What the JDK's server socket says of a channel closed before.
            begin();
            end(false);
        }
        FabricListener l = listener;
        if (l != null) {
            SocketChannel accepted = acceptAny(l, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
            if (accepted == null) {
                throw new SocketTimeoutException("Accept timed out");
            }
            return accepted;
        }
        try {
            ServerSocket s = kernel.socket();
            s.setSoTimeout(millis);
            Socket accepted = s.accept();
            return fromKernel(accepted.getChannel());
        } catch (IOException e) {
            throw follow(e);
        }
    }

    private @Nullable SocketChannel acceptAny(FabricListener from, long deadline) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? acceptBlocking(from, deadline) : from.tryAccept();
        } finally {
            acceptLock.unlock();
        }
    }

    /** Null when the deadline has passed. */
    private @Nullable SocketChannel acceptBlocking(FabricListener from, long deadline) throws IOException {
        SocketChannel accepted = null;
        try {
            begin();
            do {
                accepted = isOpen() ? from.tryAccept() : null;
            } while (accepted == null && isOpen() && from.await(deadline));
        } finally {
            endBlocking(accepted != null);
        }
        return accepted;
    }

    @Override
    public void beginBlocking() {
        begin();
    }

    @Override
    public void endBegun(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    /** A connection that the kernel accepted. */
    SocketChannel fromKernel(SocketChannel accepted) {
        RingwaySocketChannel channel = new RingwaySocketChannel(provider(), family, datapath);
        return channel.accepted(new KernelPath(channel, accepted, PathReason.ACCEPTED_FROM_KERNEL));
    }

    /** A connection that the stack accepted. */
    SocketChannel fromStack(TcpConnection accepted) throws IOException {
        ChannelOptions options = new ChannelOptions(accepted.options(), reuseAddress);
        for (SocketOption<?> name : optionsSet) {
            options.set(name, kernel.getOption(name));
        }
        RingwaySocketChannel channel = new RingwaySocketChannel(provider(), family, datapath);
        AcceleratedPath path = new AcceleratedPath(
                channel,
                accepted,
                accepted.local().toSocketAddress(),
                accepted.remote().toSocketAddress(),
                options,
                true);
        accepted.observer(new PathObserver(path));
        return channel.accepted(path);
    }

    @Override
    public ServerSocket socket() {
        synchronized (stateLock) {
            if (socket == null) {
                socket = new ChannelServerSocket(this);
            }
            return socket;
        }
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        KernelOptions.check(kernel, name, value);
        ensureOpen();
        kernel.setOption(name, value);
        if (name == StandardSocketOptions.SO_REUSEADDR) {
            reuseAddress = (Boolean) value;
        } else if (name != StandardSocketOptions.SO_REUSEPORT) {
            inherit(name);
        }
        return this;
    }

    private void inherit(SocketOption<?> name) {
        synchronized (stateLock) {
            Set<SocketOption<?>> more = new HashSet<>(optionsSet);
            more.add(name);
            optionsSet = more;
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        KernelOptions.check(kernel, name);
        ensureOpen();
        return kernel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return kernel.supportedOptions();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            // With a listener of ours, the kernel's is asked and never waited for.
            kernel.configureBlocking(block && listener == null);
        } finally {
            acceptLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        closeListener();
        datapath.statistics().remove(this);
        if (!watchedByForeign || !isRegistered()) {
            kernel.close();
        }
    }

    private void closeListener() {
        FabricListener l;
        synchronized (stateLock) {
            l = listener;
            listener = null;
        }
        if (l != null) {
            l.close();
        }
    }

    @Override
    public void kill() throws IOException {
        kernel.close();
    }

    @Override
    public int readiness() {
        FabricListener l = listener;
        return l != null && l.acceptable() ? SelectionKey.OP_ACCEPT : 0;
    }

    @Override
    public boolean isAccelerated() {
        return listener != null;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public @Nullable Lane lane() {
        return listener == null ? null : datapath.commonLanes()[0];
    }

    @Override
    public boolean isFedBy(Lane lane) {
        return listener != null && datapath.commonLane(lane.port) == lane;
    }

    @Override
    public @Nullable Lane takeInterrupted() {
        FabricListener l = listener;
        return l == null ? null : l.takeInterrupted();
    }

    /** A connection of ours can be accepted. Called by owners of stacks. */
    void acceptable() {
        keys.changed();
    }

    @Override
    public void registered(RingwayKey key) {
        keys.add(key);
        key.watch(kernel);
        key.joined();
    }

    @Override
    public void deregistered(RingwayKey key) {
        keys.remove(key);
    }

    @Override
    public FileDescriptor getFD() {
        return ((SelChImpl) kernel).getFD();
    }

    @Override
    public int getFDVal() {
        watchedByForeign = true;
        // The descriptor speaks for the kernel only.
        closeListener();
        return ((SelChImpl) kernel).getFDVal();
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return ((SelChImpl) kernel).translateAndUpdateReadyOps(ops, key);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return ((SelChImpl) kernel).translateAndSetReadyOps(ops, key);
    }

    @Override
    public int translateInterestOps(int ops) {
        return ((SelChImpl) kernel).translateInterestOps(ops);
    }

    @Override
    public String toString() {
        StringBuilder sb = new StringBuilder(getClass().getName()).append('[');
        if (!isOpen()) {
            sb.append("closed");
        } else {
            // The JDK's names the address of UNIX-domain channels only.
            sb.append(localAddress() == null ? "unbound" : "");
        }
        return sb.append(']').toString();
    }
}
