package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.stack.Readiness;
import io.ringway.stack.tcp.Failure;
import io.ringway.stack.tcp.TcpConnection;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelectionKeyImpl;

/** A connection of the stack: bytes go through a device queue. Waiting and closing are in {@link AcceleratedCalls}. */
final class AcceleratedPath extends ObservedPath implements ReadinessMirror.Source {
    final Datapath datapath;
    final TcpConnection connection;
    private final InterruptProcessor interrupts;
    /** The common lane of the port that the connection uses, now and always. */
    final Lane common;

    private final SocketAddress local;
    /** What the program had bound; known before the connection stands. */
    private @Nullable SocketAddress bound;

    private final SocketAddress remote;
    private final ChannelOptions options;
    private final AcceleratedCalls calls;
    private final ReadinessMirror mirror = new ReadinessMirror(this);

    /** The program was told that the connection stands. */
    private volatile boolean connected;

    volatile boolean inputClosed;
    volatile boolean outputClosed;

    /** Neither the fabric nor the kernel could connect: told by finishConnect. */
    private volatile @Nullable IOException refusal;

    private volatile boolean interrupted;

    /** A connection that exists. {@code connected}: it is established, as accepted ones are. */
    AcceleratedPath(
            RingwaySocketChannel channel,
            TcpConnection connection,
            SocketAddress local,
            SocketAddress remote,
            ChannelOptions options,
            boolean connected) {
        super(channel);
        this.datapath = channel.datapath;
        this.connection = connection;
        this.common = datapath.commonLane(connection.stack());
        this.interrupts = channel.datapath.interrupts();
        this.local = local;
        this.remote = remote;
        this.options = options;
        this.connected = connected;
        this.calls = new AcceleratedCalls(this);
    }

    /** The program had bound the channel. Before the channel is on this path. */
    void bound(@Nullable SocketAddress address) {
        bound = address;
    }

    @Override
    PathReason reason() {
        return PathReason.FABRIC;
    }

    AcceleratedCalls calls() {
        return calls;
    }

    ChannelOptions options() {
        return options;
    }

    void ensureConnected() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (!connected) {
            throw new NotYetConnectedException();
        }
    }

    // Input and output.

    @Override
    int receive(ByteBuffer dst) throws IOException {
        channel.readLock.lock();
        try {
            ensureConnected();
            if (channel.blocking()) {
                return calls.read(dst, Long.MAX_VALUE);
            }
            if (inputClosed) {
                return -1;
            }
            int n = connection.read(dst);
            return n <= 0 && inputClosed ? -1 : n;
        } finally {
            channel.readLock.unlock();
        }
    }

    @Override
    long receive(ByteBuffer[] dsts, int offset, int length) throws IOException {
        channel.readLock.lock();
        try {
            ensureConnected();
            if (channel.blocking()) {
                return calls.read(dsts, offset, length);
            }
            if (inputClosed) {
                return -1;
            }
            long n = connection.read(dsts, offset, length);
            return n <= 0 && inputClosed ? -1 : n;
        } finally {
            channel.readLock.unlock();
        }
    }

    @Override
    int send(ByteBuffer src) throws IOException {
        channel.writeLock.lock();
        try {
            ensureConnected();
            datapath.written(src);
            if (channel.blocking()) {
                return calls.write(src);
            }
            int n = outputClosed ? 0 : connection.write(src);
            if (n <= 0 && outputClosed) {
                throw new AsynchronousCloseException();
            }
            return n;
        } finally {
            channel.writeLock.unlock();
        }
    }

    @Override
    long send(ByteBuffer[] srcs, int offset, int length) throws IOException {
        channel.writeLock.lock();
        try {
            ensureConnected();
            datapath.written(srcs, offset, length);
            if (channel.blocking()) {
                return calls.write(srcs, offset, length);
            }
            long n = outputClosed ? 0 : connection.write(srcs, offset, length);
            if (n <= 0 && outputClosed) {
                throw new AsynchronousCloseException();
            }
            return n;
        } finally {
            channel.writeLock.unlock();
        }
    }

    @Override
    void shutdownInput() throws IOException {
        ensureConnected();
        inputClosed = true;
        connection.shutdownInput();
        readinessChanged();
    }

    @Override
    void shutdownOutput() throws IOException {
        ensureConnected();
        if (!outputClosed) {
            outputClosed = true;
            connection.shutdownOutput();
            readinessChanged();
        }
    }

    @Override
    boolean isInputOpen() {
        return !inputClosed;
    }

    @Override
    boolean isOutputOpen() {
        return !outputClosed;
    }

    // Connecting. Both locks of the channel are held.

    private void ensureUnconnected() {
        if (connected) {
            throw new AlreadyConnectedException();
        }
        throw new ConnectionPendingException();
    }

    @Override
    boolean connect(SocketAddress to) {
        ensureUnconnected();
        return false;
    }

    @Override
    void connect(SocketAddress to, int millis) {
        ensureUnconnected();
    }

    /** The first part of a connect in non-blocking mode. True if the connection stands already. */
    boolean begun() {
        if ((connection.readiness() & Readiness.CONNECT) != 0 && connection.failure() == Failure.NONE) {
            stands();
        }
        return connected;
    }

    private void stands() {
        connected = true;
        datapath.statistics().connected(PathReason.FABRIC);
    }

    /** A connect in blocking mode, up to {@code millis} if that isn't 0. */
    void finish(int millis) throws IOException {
        long deadline = millis == 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            if (!calls.awaitConnect(deadline)) {
                throw new SocketTimeoutException("Connect timed out");
            }
            if (!outcome()) {
                Connecting.fallBack(this, remote, options, millis);
            }
        } catch (IOException e) {
            channel.closeQuietly();
            throw e;
        }
    }

    /** Looks how the attempt, which has ended, went. False if the kernel must be tried. */
    private boolean outcome() throws IOException {
        Failure failure = connection.failure();
        if (Connecting.isFallBack(failure)) {
            return false;
        }
        if (failure != Failure.NONE) {
            throw new SocketException("Connection reset");
        }
        stands();
        return true;
    }

    @Override
    boolean finishConnect() throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (connected) {
            return true;
        }
        try {
            IOException failed = refusal;
            if (failed != null) {
                throw failed;
            }
            if (channel.blocking()) {
                finish(0);
                return true;
            }
            datapath.lane(connection.stack()).poll(System.nanoTime());
            if ((connection.readiness() & Readiness.CONNECT) == 0) {
                return false;
            }
            return outcome() || Connecting.fallBack(this, remote, options);
        } catch (IOException e) {
            channel.closeQuietly();
            throw e;
        }
    }

    /** The attempt has failed in a way that the kernel may do better. The selecting thread, or the interrupt processor. */
    private void fallBackIfUnlocked() {
        if (!channel.readLock.tryLock()) {
            return;
        }
        try {
            if (channel.writeLock.tryLock()) {
                try {
                    if (channel.path() == this && refusal == null) {
                        Connecting.fallBackUnasked(this, remote, options);
                    }
                } catch (IOException e) {
                    refusal = e;
                } finally {
                    channel.writeLock.unlock();
                }
            }
        } finally {
            channel.readLock.unlock();
        }
    }

    @Override
    void bind(@Nullable SocketAddress address) {
        throw new ConnectionPendingException();
    }

    @Override
    boolean isConnected() {
        return connected;
    }

    @Override
    boolean isConnectionPending() {
        return !connected;
    }

    @Override
    @Nullable
    SocketAddress localAddress() {
        return connected ? local : bound;
    }

    @Override
    @Nullable
    SocketAddress remoteAddress() {
        return remote;
    }

    // Options.

    @Override
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        options.set(name, value);
    }

    @Override
    @SuppressWarnings("unchecked") // options keep their types
    <T> T getOption(SocketOption<T> name) throws IOException {
        Object set = options.value(name);
        if (set == null && name == StandardSocketOptions.SO_SNDBUF) {
            set = connection.stack().settings().sendBuffer();
        } else if (set == null && name == StandardSocketOptions.SO_RCVBUF) {
            set = connection.stack().settings().receiveBuffer();
        }
        return (T) (set == null ? options.get(name) : set);
    }

    // Closing.

    @Override
    void configureBlocking(boolean block) {
        // The connection has no mode.
    }

    @Override
    void close() {
        calls.close();
    }

    @Override
    void kill() {
        mirror.close();
        calls.kill();
    }

    // The socket adaptor.

    @Override
    InputStream inputStream(ChannelSocket socket) {
        return new AcceleratedStreams.Input(this, calls, socket);
    }

    @Override
    OutputStream outputStream(ChannelSocket socket) {
        return new AcceleratedStreams.Output(this, calls);
    }

    @Override
    void readTimeout(int millis) {
        // The stream asks the socket.
    }

    @Override
    void sendUrgentData(int data) throws IOException {
        calls.discardUrgent();
    }

    // Readiness.

    /** By whoever owns the stack: an event for every selector, and a word to whoever waits. */
    void readinessChanged() {
        if (interrupts.isCurrentThread()) {
            interrupted = true;
        }
        channel.changed();
        calls.wake();
        mirror.changed();
    }

    /** A JDK selector watches the channel, by a descriptor that can't be exchanged. */
    boolean isMirrored() {
        return mirror.isOpen();
    }

    /** The present readiness, without a fall-back. Any thread. */
    @Override
    public int readinessNow() {
        int ready = connection.readiness();
        if ((ready & Readiness.HUNG_UP) != 0
                || refusal != null
                || outputClosed && (inputClosed || connection.isInputEnded())) {
            // As the kernel: everything that can be wanted.
            return channel.validOps() | RingwayChannel.HUNG_UP;
        }
        if (connected) {
            int now = (ready & (Readiness.READ | Readiness.WRITE)) | (outputClosed ? Readiness.WRITE : 0);
            return (now & Readiness.WRITE) == 0 ? now : now | Readiness.CONNECT << RingwayChannel.NOISE;
        }
        if ((ready & Readiness.CONNECT) == 0) {
            return 0;
        }
        return Readiness.CONNECT | (ready & (Readiness.READ | Readiness.WRITE)) << RingwayChannel.NOISE;
    }

    @Override
    public int readiness() {
        if (!connected && refusal == null && Connecting.isFallBack(connection.failure())) {
            fallBackIfUnlocked();
            return refusal == null ? 0 : readinessNow();
        }
        return readinessNow();
    }

    @Override
    boolean isAccelerated() {
        return true;
    }

    @Override
    Lane lane() {
        return datapath.lane(connection.stack());
    }

    @Override
    @Nullable
    Lane takeInterrupted() {
        if (interrupted) {
            interrupted = false;
            return lane();
        }
        return null;
    }

    @Override
    void registered(RingwayKey key) {
        Lane lane = channel.isShared() ? common : key.lane(common.port);
        connection.moveTo(lane.stack);
        // Who registers may not select for long.
        datapath.interrupts().traffic();
        if (channel.isShared()) {
            // The others must poll the common lane now.
            channel.changed();
        }
    }

    @Override
    FileDescriptor descriptor() {
        return mirror.descriptor();
    }

    @Override
    int descriptorNumber() {
        return mirror.number();
    }

    @Override
    boolean translateReadyOps(int ops, SelectionKeyImpl key, boolean update) {
        return mirror.translate(key, update);
    }

    @Override
    int translateInterestOps(int ops) {
        return mirror.interest(ops);
    }
}
