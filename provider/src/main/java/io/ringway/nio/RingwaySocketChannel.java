package io.ringway.nio;

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
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/** A TCP channel, on the path that it took when it was connected or accepted. */
final class RingwaySocketChannel extends SocketChannel implements RingwayChannel {
    private static final RingwayKey[] NO_KEYS = {};

    final StandardProtocolFamily family;

    /** Held by the thread that reads or connects. Taken before {@link #writeLock}. */
    final ReentrantLock readLock = new ReentrantLock();

    /** Held by the thread that writes or connects. */
    final ReentrantLock writeLock = new ReentrantLock();

    /** Guards the fields below, and those of the paths that say so. Never held while something waits. */
    final Object stateLock = new Object();

    private volatile SocketPath path;
    private volatile boolean blocking = true;
    private volatile RingwayKey[] keys = NO_KEYS;
    private @Nullable ChannelSocket socket;

    /** A channel that is not connected. */
    RingwaySocketChannel(SelectorProvider provider, StandardProtocolFamily family) {
        super(provider);
        this.family = family;
        this.path = new UndecidedPath(this);
    }

    /** A channel in front of a connection that the kernel accepted. */
    RingwaySocketChannel(SelectorProvider provider, StandardProtocolFamily family, SocketChannel kernel) {
        super(provider);
        this.family = family;
        this.path = new KernelPath(this, kernel);
    }

    boolean blocking() {
        return blocking;
    }

    /** Puts the channel on {@code next}. Both locks are held, or the channel is known to no other thread. */
    void goTo(SocketPath next) throws ClosedChannelException {
        RingwayKey[] registered;
        synchronized (stateLock) {
            ensureOpen();
            path = next;
            registered = keys;
        }
        for (RingwayKey key : registered) {
            next.registered(key);
            key.channelChanged();
        }
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
            return path.connect(checked);
        } finally {
            unlockBoth();
        }
    }

    /** As {@code Socket.connect}. */
    void connect(SocketAddress remote, int millis) throws IOException {
        SocketAddress checked = checkRemote(remote);
        lockBoth();
        try {
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            ensureOpen();
            path.connect(checked, millis);
        } finally {
            unlockBoth();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        lockBoth();
        try {
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
        Objects.requireNonNull(name);
        if (!supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        ensureOpen();
        path.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        Objects.requireNonNull(name);
        if (!supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
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
    public void registered(RingwayKey key) {
        SocketPath now;
        synchronized (stateLock) {
            RingwayKey[] more = Arrays.copyOf(keys, keys.length + 1);
            more[keys.length] = key;
            keys = more;
            now = path;
        }
        now.registered(key);
        key.joined();
    }

    @Override
    public void deregistered(RingwayKey key) {
        synchronized (stateLock) {
            RingwayKey[] fewer = NO_KEYS;
            for (RingwayKey k : keys) {
                if (k != key) {
                    fewer = Arrays.copyOf(fewer, fewer.length + 1);
                    fewer[fewer.length - 1] = k;
                }
            }
            keys = fewer;
        }
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
