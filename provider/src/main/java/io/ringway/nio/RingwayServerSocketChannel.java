package io.ringway.nio;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/** A TCP server channel. It always holds the kernel's port, and accepts from there and from the ports of Ringway. */
final class RingwayServerSocketChannel extends ServerSocketChannel implements RingwayChannel {
    private final StandardProtocolFamily family;
    private final ServerSocketChannel kernel;
    private final Object stateLock = new Object();

    /** A JDK selector watches the file descriptor, which must outlive the key. */
    private volatile boolean watchedByForeign;

    /** Under stateLock. */
    private @Nullable ChannelServerSocket socket;

    RingwayServerSocketChannel(SelectorProvider provider, StandardProtocolFamily family) throws IOException {
        super(provider);
        this.family = family;
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
            closeQuietly();
        }
        return e;
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // What failed before is what the caller hears of.
            watchedByForeign = false;
        }
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        ensureOpen();
        kernel.bind(local, backlog);
        return this;
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
        try {
            SocketChannel accepted = kernel.accept();
            return accepted == null ? null : fromKernel(accepted);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    /** As {@code ServerSocket.accept} with a time-out. */
    SocketChannel accept(int millis) throws IOException {
        try {
            ServerSocket s = kernel.socket();
            s.setSoTimeout(millis);
            Socket accepted = s.accept();
            return fromKernel(accepted.getChannel());
        } catch (IOException e) {
            throw follow(e);
        }
    }

    private SocketChannel fromKernel(SocketChannel accepted) {
        return new RingwaySocketChannel(provider(), family, accepted);
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
        kernel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return kernel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return kernel.supportedOptions();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        kernel.configureBlocking(block);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        if (!watchedByForeign || !isRegistered()) {
            kernel.close();
        }
    }

    @Override
    public void kill() throws IOException {
        kernel.close();
    }

    @Override
    public int readiness() {
        return 0;
    }

    @Override
    public void registered(RingwayKey key) {
        key.watch(kernel);
    }

    @Override
    public void deregistered(RingwayKey key) {
        // The key in the inner selector went before.
    }

    @Override
    public FileDescriptor getFD() {
        return ((SelChImpl) kernel).getFD();
    }

    @Override
    public int getFDVal() {
        watchedByForeign = true;
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
            SocketAddress local = localAddress();
            sb.append(local == null ? "unbound" : local.toString());
        }
        return sb.append(']').toString();
    }
}
