package io.ringway.nio;

import io.ringway.PathReason;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/**
 * Before connect. A kernel channel is opened when something needs it: a bind, an option. The path is decided by {@link
 * #connect}, or by a JDK selector, which can watch the kernel's only.
 */
final class UndecidedPath extends SocketPath {
    /** Under the channel's state lock. */
    private @Nullable SocketChannel kernel;

    private final ChannelOptions options = new ChannelOptions();

    UndecidedPath(RingwaySocketChannel channel) {
        super(channel);
    }

    @Override
    @Nullable
    PathReason reason() {
        return null;
    }

    ChannelOptions options() {
        return options;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private IOException notConnected() throws IOException {
        ensureOpen();
        throw new NotYetConnectedException();
    }

    /** The kernel channel, opened now if there was none. It is bound if the program has bound the channel. */
    SocketChannel kernel() throws IOException {
        synchronized (channel.stateLock) {
            ensureOpen();
            SocketChannel k = kernel;
            if (k == null) {
                k = KernelProvider.JDK.openSocketChannel(channel.family);
                if (!channel.blocking()) {
                    k.configureBlocking(false);
                }
                options.applyTo(k);
                kernel = k;
            }
            return k;
        }
    }

    private @Nullable SocketChannel kernelIfOpen() {
        synchronized (channel.stateLock) {
            return kernel;
        }
    }

    /** The connection does without the kernel channel, which goes, or stays to hold the port if the program chose it. */
    @Nullable
    SocketChannel takeKernel() throws IOException {
        SocketChannel k = kernelIfOpen();
        if (k != null && k.getLocalAddress() == null) {
            k.close();
            return null;
        }
        return k;
    }

    @Override
    int read(ByteBuffer dst) throws IOException {
        throw notConnected();
    }

    @Override
    long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        throw notConnected();
    }

    @Override
    int write(ByteBuffer src) throws IOException {
        throw notConnected();
    }

    @Override
    long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        throw notConnected();
    }

    @Override
    boolean connect(SocketAddress remote) throws IOException {
        ensureOpen();
        SocketPath path = begin(remote);
        if (!(path instanceof AcceleratedPath accelerated)) {
            return path.connect(remote);
        }
        if (channel.blocking()) {
            accelerated.finish(0);
            return true;
        }
        return accelerated.begun();
    }

    @Override
    void connect(SocketAddress remote, int millis) throws IOException {
        ensureOpen();
        SocketPath path = begin(remote);
        if (path instanceof AcceleratedPath accelerated) {
            accelerated.finish(millis);
        } else {
            path.connect(remote, millis);
        }
    }

    private SocketPath begin(SocketAddress remote) throws IOException {
        try {
            SocketPath path = Connecting.begin(this, remote);
            channel.goTo(path);
            return path;
        } catch (IOException e) {
            channel.closeQuietly();
            throw e;
        }
    }

    @Override
    boolean finishConnect() throws IOException {
        ensureOpen();
        throw new NoConnectionPendingException();
    }

    @Override
    void bind(@Nullable SocketAddress local) throws IOException {
        kernel().bind(local);
    }

    @Override
    boolean isConnected() {
        return false;
    }

    @Override
    boolean isConnectionPending() {
        return false;
    }

    @Override
    @Nullable
    SocketAddress localAddress() {
        SocketChannel k = kernelIfOpen();
        return k == null ? null : k.socket().getLocalSocketAddress();
    }

    @Override
    @Nullable
    SocketAddress remoteAddress() {
        return null;
    }

    @Override
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        options.set(name, value);
        SocketChannel k = kernelIfOpen();
        if (k != null) {
            k.setOption(name, value);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // options keep their types
    <T> T getOption(SocketOption<T> name) throws IOException {
        SocketChannel k = kernelIfOpen();
        return k == null ? (T) options.get(name) : k.getOption(name);
    }

    @Override
    void shutdownInput() throws IOException {
        throw notConnected();
    }

    @Override
    void shutdownOutput() throws IOException {
        throw notConnected();
    }

    @Override
    boolean isInputOpen() {
        return true;
    }

    @Override
    boolean isOutputOpen() {
        return true;
    }

    @Override
    void configureBlocking(boolean block) throws IOException {
        synchronized (channel.stateLock) {
            if (kernel != null) {
                kernel.configureBlocking(block);
            }
        }
    }

    @Override
    InputStream inputStream(ChannelSocket socket) throws IOException {
        throw notConnected();
    }

    @Override
    OutputStream outputStream(ChannelSocket socket) throws IOException {
        throw notConnected();
    }

    @Override
    void readTimeout(int millis) {
        // Told again when the stream is made.
    }

    @Override
    void sendUrgentData(int data) throws IOException {
        throw notConnected();
    }

    @Override
    void close() throws IOException {
        SocketChannel k = kernelIfOpen();
        if (k != null) {
            k.close();
        }
    }

    @Override
    void registered(RingwayKey key) {
        // The selector finds out by readiness().
    }

    /** All that can be wanted: the kernel reports a socket that is not connected as hung up. */
    @Override
    int readiness() {
        return channel.isOpen() ? channel.validOps() | RingwayChannel.HUNG_UP : 0;
    }

    private SocketPath decidedBySelector() {
        try {
            KernelPath path = new KernelPath(channel, kernel(), PathReason.FOREIGN_SELECTOR);
            channel.goTo(path);
            return path;
        } catch (IOException e) {
            return this;
        }
    }

    @Override
    FileDescriptor descriptor() {
        SocketPath path = decidedBySelector();
        return path == this ? new FileDescriptor() : path.descriptor();
    }

    @Override
    int descriptorNumber() {
        SocketPath path = decidedBySelector();
        return path == this ? -1 : path.descriptorNumber();
    }

    @Override
    boolean translateReadyOps(int ops, SelectionKeyImpl key, boolean update) {
        return false;
    }

    @Override
    int translateInterestOps(int ops) {
        return 0;
    }

    @Override
    void kill() {
        // close() was enough.
    }
}
