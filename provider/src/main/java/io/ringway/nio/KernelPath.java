package io.ringway.nio;

import io.ringway.PathReason;
import java.io.FileDescriptor;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/** A channel of the JDK's own provider does everything; when it closes, the channel in front of it closes too. */
final class KernelPath extends SocketPath {
    private final SocketChannel kernel;
    private final PathReason reason;

    /** A JDK selector watches the file descriptor, which must outlive the key. */
    private volatile boolean watchedByForeign;

    private volatile boolean closePending;

    /** The kernel has connected, but the program waits for OP_CONNECT and finishConnect. */
    private volatile boolean finishDue;

    KernelPath(RingwaySocketChannel channel, SocketChannel kernel, PathReason reason) {
        super(channel);
        this.kernel = kernel;
        this.reason = reason;
    }

    @Override
    PathReason reason() {
        return reason;
    }

    /** Closes the front if {@code e}, or the interrupt that it tells of, closed the kernel's channel. Returns {@code e}. */
    private IOException follow(IOException e) {
        if (!kernel.isOpen()) {
            channel.closeQuietly();
        }
        return e;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closePending) {
            throw new ClosedChannelException();
        }
    }

    private void ensureReady() throws ClosedChannelException {
        ensureOpen();
        if (finishDue) {
            throw new NotYetConnectedException();
        }
    }

    private void count(boolean connected) {
        if (connected) {
            channel.datapath.statistics().connected(reason);
        }
    }

    @Override
    int read(ByteBuffer dst) throws IOException {
        ensureReady();
        try {
            return kernel.read(dst);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        ensureReady();
        try {
            return kernel.read(dsts, offset, length);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    int write(ByteBuffer src) throws IOException {
        ensureReady();
        try {
            return kernel.write(src);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        ensureReady();
        try {
            return kernel.write(srcs, offset, length);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    boolean connect(SocketAddress remote) throws IOException {
        try {
            boolean connected = kernel.connect(remote);
            count(connected);
            return connected;
        } catch (IOException e) {
            throw follow(e);
        }
    }

    /** Starts a connect in non-blocking mode that the program believes to be under way already. */
    void connectForLater(SocketAddress remote) throws IOException {
        finishDue = kernel.connect(remote);
        count(finishDue);
    }

    @Override
    void connect(SocketAddress remote, int millis) throws IOException {
        try {
            kernel.socket().connect(remote, millis);
            count(true);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    boolean finishConnect() throws IOException {
        finishDue = false;
        boolean before = kernel.isConnected();
        try {
            boolean connected = kernel.finishConnect();
            count(connected && !before);
            return connected;
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    void bind(@Nullable SocketAddress local) throws IOException {
        kernel.bind(local);
    }

    @Override
    boolean isConnected() {
        return !finishDue && kernel.isConnected();
    }

    @Override
    boolean isConnectionPending() {
        return finishDue || kernel.isConnectionPending();
    }

    @Override
    @Nullable
    SocketAddress localAddress() {
        return kernel.socket().getLocalSocketAddress();
    }

    @Override
    @Nullable
    SocketAddress remoteAddress() {
        return kernel.socket().getRemoteSocketAddress();
    }

    @Override
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        kernel.setOption(name, value);
    }

    @Override
    <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        return kernel.getOption(name);
    }

    @Override
    void shutdownInput() throws IOException {
        ensureOpen();
        kernel.shutdownInput();
    }

    @Override
    void shutdownOutput() throws IOException {
        ensureOpen();
        kernel.shutdownOutput();
    }

    @Override
    boolean isInputOpen() {
        return !kernel.socket().isInputShutdown();
    }

    @Override
    boolean isOutputOpen() {
        return !kernel.socket().isOutputShutdown();
    }

    @Override
    void configureBlocking(boolean block) throws IOException {
        kernel.configureBlocking(block);
    }

    @Override
    InputStream inputStream(ChannelSocket socket) throws IOException {
        readTimeout(socket.timeout());
        return new Input(kernel.socket().getInputStream());
    }

    @Override
    OutputStream outputStream(ChannelSocket socket) throws IOException {
        return new Output(kernel.socket().getOutputStream());
    }

    @Override
    void readTimeout(int millis) throws IOException {
        kernel.socket().setSoTimeout(millis);
    }

    @Override
    void sendUrgentData(int data) throws IOException {
        ensureOpen();
        try {
            kernel.socket().sendUrgentData(data);
        } catch (IOException e) {
            throw follow(e);
        }
    }

    @Override
    void close() throws IOException {
        if (watchedByForeign && channel.isRegistered()) {
            closePending = true;
            endOutput();
        } else {
            kernel.close();
        }
    }

    /** The peer learns of the close now, the selector when it lets go of the key. */
    private void endOutput() {
        try {
            kernel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            // Not connected, or gone by itself: nobody to tell.
            watchedByForeign = true;
        }
    }

    @Override
    void registered(RingwayKey key) {
        key.watch(kernel);
    }

    @Override
    int readiness() {
        return finishDue ? SelectionKey.OP_CONNECT : 0;
    }

    @Override
    FileDescriptor descriptor() {
        return ((SelChImpl) kernel).getFD();
    }

    @Override
    int descriptorNumber() {
        watchedByForeign = true;
        return ((SelChImpl) kernel).getFDVal();
    }

    @Override
    boolean translateReadyOps(int ops, SelectionKeyImpl key, boolean update) {
        SelChImpl k = (SelChImpl) kernel;
        return update ? k.translateAndUpdateReadyOps(ops, key) : k.translateAndSetReadyOps(ops, key);
    }

    @Override
    int translateInterestOps(int ops) {
        return ((SelChImpl) kernel).translateInterestOps(ops);
    }

    @Override
    void kill() throws IOException {
        kernel.close();
    }

    /** Reads as the kernel channel's own stream does, and closes the channel that the program knows. */
    private final class Input extends InputStream {
        private final InputStream in;

        Input(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw follow(e);
            }
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return in.read(b, off, len);
            } catch (IOException e) {
                throw follow(e);
            }
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Writes as the kernel channel's own stream does, and closes the channel that the program knows. */
    private final class Output extends FilterOutputStream {
        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            try {
                out.write(b);
            } catch (IOException e) {
                throw follow(e);
            }
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            try {
                out.write(b, off, len);
            } catch (IOException e) {
                throw follow(e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
