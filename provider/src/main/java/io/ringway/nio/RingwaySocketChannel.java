package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.nic.Route;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/** A TCP channel, on the path that it took when it was connected or accepted. */
final class RingwaySocketChannel extends SocketChannel implements RingwayChannel, InterruptibleCalls {
    final StandardProtocolFamily family;
    final Datapath datapath;

    /** Held by the thread that reads or connects. Taken before {@link #writeLock}. */
    final ReentrantLock readLock = new ReentrantLock();

    /** Held by the thread that writes or connects. */
    final ReentrantLock writeLock = new ReentrantLock();

    /** Guards the fields below, and those of the paths that say so. Never held while something waits. */
    final Object stateLock = new Object();

    private volatile SocketPath path;
    private volatile boolean blocking = true;
    private final ChannelKeys keys = new ChannelKeys();
    private @Nullable ChannelSocket socket;

    /** Holds the port that the program bound, while the connection goes over another port of ours. */
    private @Nullable SocketChannel held;

    /** A channel that is not connected. */
    RingwaySocketChannel(SelectorProvider provider, StandardProtocolFamily family, Datapath datapath) {
        super(provider);
        this.family = family;
        this.datapath = datapath;
        this.path = new UndecidedPath(this);
    }

    /** Puts a channel that is known to nobody else on the path of an accepted connection. */
    RingwaySocketChannel accepted(SocketPath accepted) {
        path = accepted;
        PathReason reason = accepted.reason();
        if (reason != null) {
            datapath.statistics().connected(reason);
        }
        datapath.statistics().add(this);
        return this;
    }

    /** Puts a channel that is known to nobody else on a path, uncounted. */
    void put(SocketPath first) {
        path = first;
    }

    /** Unlike {@link #isBlocking}, it doesn't change while somebody has a lock: close must know a blocking call as one. */
    boolean blocking() {
        return blocking;
    }

    /** Puts the channel on {@code next}. Both locks are held, or the channel is known to no other thread. */
    void goTo(SocketPath next) throws ClosedChannelException {
        synchronized (stateLock) {
            ensureOpen();
            path = next;
        }
        for (RingwayKey key : keys.all()) {
            next.registered(key);
            key.channelChanged();
        }
        datapath.statistics().add(this);
    }

    /** Keeps {@code kernel}, which may be null, open for its port. */
    void hold(@Nullable SocketChannel kernel) {
        synchronized (stateLock) {
            held = kernel;
        }
    }

    /** Gives up what {@link #hold} keeps. */
    @Nullable
    SocketChannel takeHeld() {
        synchronized (stateLock) {
            SocketChannel kernel = held;
            held = null;
            return kernel;
        }
    }

    /** The connection has been closed. */
    void gone() {
        SocketChannel kernel = takeHeld();
        if (kernel != null) {
            try {
                kernel.close();
            } catch (IOException e) {
                datapath.trouble("closing a bound socket", e);
            }
        }
    }

    /** Registered with a selector of another provider. */
    boolean hasForeignKey() {
        return isRegistered() && keys.all().length == 0;
    }

    /** The lane for a connection that this channel starts on that way: its selector's, or the common one. */
    Lane connectLane(Route route) {
        Lane common = datapath.commonLane(route);
        RingwayKey[] registered = keys.all();
        return registered.length == 0 ? common : registered[0].lane(common.port);
    }

    /** Tells all selectors that readiness may have changed. Any thread. */
    void changed() {
        keys.changed();
    }

    @Override
    public void beginBlocking() {
        begin();
    }

    @Override
    public void endBegun(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // What failed before is what the caller hears of.
            Objects.requireNonNull(e);
        }
    }

    // Input and output.

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return path.read(Objects.requireNonNull(dst));
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        return path.read(dsts, offset, length);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return path.write(Objects.requireNonNull(src));
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        return path.write(srcs, offset, length);
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        path.shutdownInput();
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        path.shutdownOutput();
        return this;
    }

    boolean isInputOpen() {
        return path.isInputOpen();
    }

    boolean isOutputOpen() {
        return path.isOutputOpen();
    }

    // Connecting.

    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        lockBoth();
        try {
            ensureOpen();
            if (isConnectionPending()) {
                throw new ConnectionPendingException();
            }
            if (path.localAddress() != null) {
                throw new AlreadyBoundException();
            }
            path.bind(local);
        } finally {
            unlockBoth();
        }
        return this;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        SocketAddress checked = checkRemote(remote);
        lockBoth();
        try {
            ensureOpen();
            endIfInterrupted();
            return path.connect(checked);
        } finally {
            unlockBoth();
        }
    }

    /** A thread that is interrupted already loses the channel before anything else is looked at, unless it can't block. */
    private void endIfInterrupted() throws AsynchronousCloseException {
        if (blocking && Thread.currentThread().isInterrupted()) {
            begin();
            end(false);
        }
    }

    /** As {@code Socket.connect}. */
    void connect(SocketAddress remote, int millis) throws IOException {
        SocketAddress checked = checkRemote(remote);
        lockBoth();
        try {
            if (!blocking) {
                throw new IllegalBlockingModeException();
            }
            if (!isOpen()) {
                // What the JDK's socket says of a channel closed before.
                begin();
                end(false);
            }
            endIfInterrupted();
            path.connect(checked, millis);
        } finally {
            unlockBoth();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        lockBoth();
        try {
            if (!isConnected()) {
                ensureOpen();
                endIfInterrupted();
            }
            return path.finishConnect();
        } finally {
            unlockBoth();
        }
    }

    private void lockBoth() {
        readLock.lock();
        writeLock.lock();
    }

    private void unlockBoth() {
        writeLock.unlock();
        readLock.unlock();
    }

    /** The checks come before any other, the wildcard means this host. */
    private SocketAddress checkRemote(SocketAddress remote) {
        Objects.requireNonNull(remote);
        if (!(remote instanceof InetSocketAddress a)) {
            throw new UnsupportedAddressTypeException();
        }
        if (a.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        InetAddress address = a.getAddress();
        if (family == StandardProtocolFamily.INET && !(address instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return remote;
    }

    @Override
    public boolean isConnected() {
        return isOpen() && path.isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return isOpen() && path.isConnectionPending();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return path.localAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return path.remoteAddress();
    }

    /** The path, for the channel's socket. */
    SocketPath path() {
        return path;
    }

    @Override
    public Socket socket() {
        synchronized (stateLock) {
            if (socket == null) {
                socket = ChannelSocket.of(this);
            }
            return socket;
        }
    }

    // Options.

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        KernelOptions.check(this, name, value);
        ensureOpen();
        path.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        KernelOptions.check(this, name);
        ensureOpen();
        return path.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return KernelOptions.ofSocketChannels();
    }

    // Closing and blocking mode.

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        lockBoth();
        try {
            synchronized (stateLock) {
                ensureOpen();
                blocking = block;
            }
            path.configureBlocking(block);
        } finally {
            unlockBoth();
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        SocketPath last;
        synchronized (stateLock) {
            last = path;
        }
        datapath.statistics().remove(this);
        last.close();
    }

    @Override
    public void kill() throws IOException {
        path.kill();
    }

    // Selectors.

    @Override
    public int readiness() {
        return path.readiness();
    }

    @Override
    public boolean isAccelerated() {
        return path.isAccelerated();
    }

    @Override
    public boolean isConnecting() {
        return path.isAccelerated() && path.isConnectionPending();
    }

    @Override
    public boolean isShared() {
        return path.isAccelerated() && keys.all().length > 1;
    }

    @Override
    public @Nullable Lane lane() {
        return path.lane();
    }

    @Override
    public @Nullable Lane takeInterrupted() {
        return path.takeInterrupted();
    }

    @Override
    public void registered(RingwayKey key) {
        keys.add(key);
        path.registered(key);
        key.joined();
    }

    @Override
    public void deregistered(RingwayKey key) {
        keys.remove(key);
    }

    @Override
    public FileDescriptor getFD() {
        return path.descriptor();
    }

    @Override
    public int getFDVal() {
        return path.descriptorNumber();
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return path.translateReadyOps(ops, key, true);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return path.translateReadyOps(ops, key, false);
    }

    @Override
    public int translateInterestOps(int ops) {
        return path.translateInterestOps(ops);
    }

    @Override
    public String toString() {
        StringBuilder sb = new StringBuilder(SocketChannel.class.getName()).append('[');
        if (!isOpen()) {
            return sb.append("closed]").toString();
        }
        SocketPath p = path;
        if (p.isConnected()) {
            sb.append("connected");
            sb.append(p.isInputOpen() ? "" : " ishut").append(p.isOutputOpen() ? "" : " oshut");
        } else {
            sb.append(p.isConnectionPending() ? "connection-pending" : "unconnected");
        }
        SocketAddress local = p.localAddress();
        if (local != null) {
            sb.append(" local=").append(local);
        }
        SocketAddress remote = p.remoteAddress();
        if (remote != null) {
            sb.append(" remote=").append(remote);
        }
        return sb.append(']').toString();
    }
}
