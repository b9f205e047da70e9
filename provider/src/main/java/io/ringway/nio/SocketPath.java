package io.ringway.nio;

import io.ringway.PathReason;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/**
 * The way that the bytes of a {@link RingwaySocketChannel} take. A channel starts {@linkplain UndecidedPath undecided}
 * and goes to another path at connect; the operations mean what those of the channel mean, with the exceptions in the
 * JDK's order.
 */
abstract class SocketPath {
    final RingwaySocketChannel channel;

    SocketPath(RingwaySocketChannel channel) {
        this.channel = channel;
    }

    /** Why it is this path; null while it is not decided. */
    abstract @Nullable PathReason reason();

    abstract int read(ByteBuffer dst) throws IOException;

    abstract long read(ByteBuffer[] dsts, int offset, int length) throws IOException;

    abstract int write(ByteBuffer src) throws IOException;

    abstract long write(ByteBuffer[] srcs, int offset, int length) throws IOException;

    /** Both locks of the channel are held. */
    abstract boolean connect(SocketAddress remote) throws IOException;

    /** As {@code Socket.connect}: blocking, and up to {@code millis} if that isn't 0. Both locks of the channel are held. */
    abstract void connect(SocketAddress remote, int millis) throws IOException;

    abstract boolean finishConnect() throws IOException;

    /** Both locks of the channel are held. */
    abstract void bind(@Nullable SocketAddress local) throws IOException;

    abstract boolean isConnected();

    abstract boolean isConnectionPending();

    /** Null when unbound. Stays known after the channel is closed, as the JDK's socket adaptor wants it. */
    abstract @Nullable SocketAddress localAddress();

    /** Null when neither connected nor connecting; stays known after the channel is closed. */
    abstract @Nullable SocketAddress remoteAddress();

    abstract <T> void setOption(SocketOption<T> name, T value) throws IOException;

    abstract <T> T getOption(SocketOption<T> name) throws IOException;

    abstract void shutdownInput() throws IOException;

    abstract void shutdownOutput() throws IOException;

    abstract boolean isInputOpen();

    abstract boolean isOutputOpen();

    /** Both locks of the channel are held. */
    abstract void configureBlocking(boolean block) throws IOException;

    /** The channel's socket, connected and with its input open, wants its stream. */
    abstract InputStream inputStream(ChannelSocket socket) throws IOException;

    /** The channel's socket, connected and with its output open, wants its stream. */
    abstract OutputStream outputStream(ChannelSocket socket) throws IOException;

    /** Tells the time-out of reads through {@link #inputStream}, in milliseconds. */
    abstract void readTimeout(int millis) throws IOException;

    abstract void sendUrgentData(int data) throws IOException;

    /** The channel was closed. */
    abstract void close() throws IOException;

    // As RingwaySelector sees it.

    /** A key of a {@link RingwaySelector} now stands for the channel, or the channel came to this path with that key. */
    abstract void registered(RingwayKey key);

    /** See {@link RingwayChannel#readiness()}. */
    abstract int readiness();

    boolean isAccelerated() {
        return false;
    }

    @Nullable
    Lane lane() {
        return null;
    }

    @Nullable
    Lane takeInterrupted() {
        return null;
    }

    // As a JDK selector sees it.

    abstract FileDescriptor descriptor();

    abstract int descriptorNumber();

    abstract boolean translateReadyOps(int ops, SelectionKeyImpl key, boolean update);

    abstract int translateInterestOps(int ops);

    abstract void kill() throws IOException;
}
