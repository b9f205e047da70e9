package io.ringway.stack.tcp;

import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Route;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.Readiness;
import io.ringway.stack.StackSettings;
import io.ringway.wire.HeaderTemplate;
import io.ringway.wire.Tcp;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection: the TCB of RFC 9293, section 3.3.1, and what a channel may do with it. The state belongs to the
 * owner of the stack that the connection is on; methods for channels own the stack for a moment, or leave a request to
 * its owner, and never wait. Reads are serialised by the channel's read lock, writes by its write lock.
 */
public final class TcpConnection implements NetworkStack.Request {
    static final int OUTPUT = 1;
    private static final int CLOSE = 1 << 1;
    private static final int ABORT = 1 << 2;
    private static final int SHUTDOWN_OUTPUT = 1 << 3;
    private static final int MOVE = 1 << 4;
    static final int UPDATE = 1 << 5;
    private static final AtomicIntegerFieldUpdater<TcpConnection> REQUESTED =
            AtomicIntegerFieldUpdater.newUpdater(TcpConnection.class, "requested");
    private static final AtomicReferenceFieldUpdater<TcpConnection, Runnable> ON_CLOSED =
            AtomicReferenceFieldUpdater.newUpdater(TcpConnection.class, Runnable.class, "onClosed");

    final long localHigh;
    final long localLow;
    final int localPort;
    final long remoteHigh;
    final long remoteLow;
    final int remotePort;
    final boolean v4;
    final int ipHeaderLength;
    final HeaderTemplate template;
    final SendSide send;
    final ReceiveSide receive;
    final ProgramSide program = new ProgramSide(this);
    final Mobility mobility = new Mobility(this);
    private final TcpOptions options;
    private final StackSettings settings;

    /** The stack that the connection is on; its owner alone changes it. */
    private volatile NetworkStack stack;

    private volatile TcpState state = TcpState.CLOSED;
    private volatile Failure failure = Failure.NONE;
    volatile @Nullable ConnectionObserver observer;

    @SuppressWarnings("unused") // through ON_CLOSED too
    private volatile @Nullable Runnable onClosed;

    private volatile int requested;

    // ---- owner only ----
    private @Nullable Link link;

    @Nullable
    Route route;

    @Nullable
    TcpListener listener;

    boolean orphan;
    boolean notify;
    /** Flags of a segment that a closed connection still owes its peer, or 0. */
    int owed;
    /** In the stack's list of connections to finish at the end of the batch. */
    public boolean touched;
    /** Place in the stack's timer queue, or -1. */
    public int timerIndex = -1;
    /** The deadline that the timer queue knows. */
    public long queuedDeadline;

    long retransmitAt = Long.MAX_VALUE;
    long acknowledgeAt = Long.MAX_VALUE;
    long lingerAt = Long.MAX_VALUE;
    long synAt = Long.MAX_VALUE;
    long stallAt = Long.MAX_VALUE;
    long synWaited;
    /** Where the peer's count of bytes that its program has read stands, in its memory; 0 if unknown. */
    long peerReadPosition;

    final KeepAlive keepAlive = new KeepAlive();

    TcpConnection(NetworkStack stack, IpEndpoint local, IpEndpoint remote, TcpOptions options, int iss) {
        this.stack = stack;
        this.options = options;
        settings = stack.settings();
        localHigh = local.high();
        localLow = local.low();
        localPort = local.port();
        remoteHigh = remote.high();
        remoteLow = remote.low();
        remotePort = remote.port();
        v4 = local.isV4();
        template = new HeaderTemplate(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        ipHeaderLength = template.ipLength();
        send = new SendSide(this, settings, iss);
        receive = new ReceiveSide(
                settings.receiveBuffer(), stack.queue().capabilities().segmentSize(ipHeaderLength + Tcp.HEADER));
    }

    /**
     * Starts a connection; its outcome shows as {@link Readiness#CONNECT}. Any thread, never blocks.
     *
     * @param route from {@link io.ringway.nic.Port#resolve}
     * @param observer told when readiness may have changed
     */
    public static TcpConnection connect(
            NetworkStack stack,
            Route route,
            IpEndpoint local,
            IpEndpoint remote,
            TcpOptions options,
            ConnectionObserver observer,
            long nowNanos) {
        TcpConnection c = new TcpConnection(stack, local, remote, options, stack.initialSequence());
        c.observer = observer;
        c.route = route;
        c.state = TcpState.SYN_SENT;
        stack.submit(new Opening.Active(c, nowNanos));
        return c;
    }

    // ---- any thread ----

    public IpEndpoint local() {
        return new IpEndpoint(localHigh, localLow, localPort);
    }

    public IpEndpoint remote() {
        return new IpEndpoint(remoteHigh, remoteLow, remotePort);
    }

    public long remoteLow() {
        return remoteLow;
    }

    public int remotePort() {
        return remotePort;
    }

    public int localPort() {
        return localPort;
    }

    /** The stack that the connection is on now. */
    public NetworkStack stack() {
        return stack;
    }

    public TcpState state() {
        return state;
    }

    public Failure failure() {
        return failure;
    }

    public TcpOptions options() {
        return options;
    }

    /** Sets who is told of changes; look at {@link #readiness()} once afterwards. */
    public void observer(@Nullable ConnectionObserver newObserver) {
        observer = newObserver;
    }

    /** Sets what runs, on the owner's thread, when the TCB is gone; runs at once if it is gone already. */
    public void onClosed(Runnable action) {
        onClosed = action;
        if (state == TcpState.CLOSED) {
            runOnClosed();
        }
    }

    public long bytesReceived() {
        return receive.queue.totalIn();
    }

    public long bytesSent() {
        return send.room.accepted();
    }

    /** Bytes that can be read without waiting. */
    public int available() {
        return Math.clamp(receive.queue.available(), 0, Integer.MAX_VALUE);
    }

    /** The present readiness, worked out anew: nothing needs to be cleared. */
    public int readiness() {
        TcpState s = state;
        Failure f = failure;
        if (f != Failure.NONE || s == TcpState.CLOSED) {
            return Readiness.CONNECT | Readiness.READ | Readiness.WRITE | Readiness.HUNG_UP;
        }
        if (s == TcpState.SYN_SENT || s == TcpState.SYN_RECEIVED) {
            return 0;
        }
        int ready = Readiness.CONNECT;
        if (receive.queue.available() > 0 || receive.ended()) {
            ready |= Readiness.READ;
        }
        return send.room.now() > 0 || send.room.afterAll() ? ready | Readiness.WRITE : ready;
    }

    /** Nothing goes either way any more. */
    public boolean isHungUp() {
        return failure != Failure.NONE || state == TcpState.CLOSED;
    }

    /** The peer has ended its stream, read or not. */
    public boolean isInputEnded() {
        return receive.ended();
    }

    // ---- the program's side ----

    /**
     * Reads what is there. When nothing is, polls the stack once.
     *
     * @return bytes read, 0 when nothing is there, -1 at the end of the stream
     * @throws SocketException "Connection reset", once what had arrived before it is read
     */
    public int read(ByteBuffer target) throws IOException {
        return program.read(target, null);
    }

    /** The same into several buffers, in order. */
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return program.read(targets, offset, length);
    }

    /**
     * Accepts as many bytes as there is room for and publishes what the windows allow.
     *
     * @return bytes accepted; 0 when there is no room: {@link Readiness#WRITE} comes later
     * @throws IOException "Connection reset by peer" once, then "Broken pipe"
     */
    public int write(ByteBuffer source) throws IOException {
        return program.write(source);
    }

    /** The same from several buffers, in order. */
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return program.write(sources, offset, length);
    }

    /** Fails as a write would. Under the write lock. */
    public void checkWritable() throws IOException {
        program.checkWritable();
    }

    /** Whether nothing written is left with the owner of the stack any more, unseen. Under the write lock. */
    public boolean isHandedOver() {
        return program.isHandedOver();
    }

    /** No more data will be read: what arrives is acknowledged and dropped. Any thread. */
    public void shutdownInput() {
        receive.shutdown = true;
        receive.end();
    }

    /** Sends the rest, then a FIN. Any thread. */
    public void shutdownOutput() {
        request(SHUTDOWN_OUTPUT);
    }

    /**
     * Sends the rest and a FIN, or a RST if received data was not read; the connection goes on as an orphan. Nobody may
     * read or write any more. Any thread.
     */
    public void close() {
        request(CLOSE);
    }

    /** Sends a RST. Nobody may read or write any more. Any thread. */
    public void abort() {
        request(ABORT);
    }

    /** All data and the FIN are acknowledged, or the connection is dead. Any thread, best effort. */
    public boolean outputFlushed() {
        return state == TcpState.CLOSED || send.finAcked;
    }

    /** Moves the connection to another stack, as soon as nothing unpublished holds it. Any thread. */
    public void moveTo(NetworkStack target) {
        if (stack != target || mobility.isWanted()) {
            mobility.target(target);
            request(MOVE);
        }
    }

    // ---- ownership and requests ----

    /** Owns the stack that the connection is on; null when someone else does. */
    @Nullable
    NetworkStack tryOwn() {
        while (true) {
            NetworkStack s = stack;
            if (!s.tryOwn()) {
                return null;
            }
            if (s == stack) {
                mobility.settle(s);
                return s;
            }
            s.disown();
        }
    }

    void request(int operation) {
        int before;
        do {
            before = requested;
        } while (!REQUESTED.compareAndSet(this, before, before | operation));
        if (before == 0) {
            stack.submit(this);
        }
    }

    @Override
    public TcpConnection context() {
        return this;
    }

    /** Runs what was requested. Called by the owner of a stack that the connection is or was on. */
    @Override
    public void run(NetworkStack owner) {
        if (owner != stack) {
            stack.submit(this);
            return;
        }
        mobility.settle(owner);
        program.account(owner);
        int operations = REQUESTED.getAndSet(this, 0);
        if ((operations & operations - 1) != 0) {
            owner.counters().contextHits += Integer.bitCount(operations) - 1;
        }
        if ((operations & (OUTPUT | MOVE)) != 0) {
            send.output(owner);
            send.room.watchReader(owner);
        }
        if ((operations & UPDATE) != 0) {
            receive.queue.reclaim(owner);
            if (receive.updateDue() && isSynchronised()) {
                sendAck(owner);
            }
        }
        if ((operations & SHUTDOWN_OUTPUT) != 0) {
            Closing.shutdownOutput(this, owner);
        }
        // Before a close, which would say goodbye first.
        if ((operations & ABORT) != 0) {
            orphan = true;
            Closing.abort(this, owner);
        }
        if ((operations & CLOSE) != 0) {
            // What has arrived counts as unread, also at the stacks that the connection has left.
            mobility.pollFormerHomes(owner);
            owner.poll(owner.now());
            if (owner != stack) {
                // It moved at the end of that round, and has another owner now.
                request(operations & (CLOSE | MOVE));
                return;
            }
            Closing.close(this, owner);
        }
        if ((operations & MOVE) != 0) {
            mobility.leave(owner);
        }
    }

    // ---- owner only, for the classes of this package and the stack ----

    Link link() {
        Link l = link;
        if (l == null) {
            throw new IllegalStateException("no link");
        }
        return l;
    }

    @Nullable
    Link linkOrNull() {
        return link;
    }

    void link(Link newLink) {
        if (newLink != link) {
            send.flow.leaveLink();
            link = newLink;
        }
    }

    /** Whether the peer at the other end is {@code peer}. */
    public boolean isWith(io.ringway.nic.Peer peer) {
        Link l = link;
        return l != null && l.peer() == peer;
    }

    /** The second owner of a move takes over. */
    void stack(NetworkStack newStack) {
        stack = newStack;
    }

    void state(TcpState newState) {
        state = newState;
    }

    StackSettings settings() {
        return settings;
    }

    /** The most payload that goes to the queue at once. */
    int maxPayload() {
        return send.maxPayload;
    }

    boolean isSynchronised() {
        return state.ordinal() >= TcpState.ESTABLISHED.ordinal() && state != TcpState.CLOSED;
    }

    /** Data and FIN may go out. */
    boolean canSend() {
        return switch (state) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK ->
                link().peer().alive();
            default -> false;
        };
    }

    /**
     * Sends an acknowledgment. Its number is the highest one sent: SND.NXT goes back for a retransmission, and a segment
     * from there would be old to a peer that has more, its acknowledgment unheard.
     */
    void sendAck(NetworkStack owner) {
        if (link().peer().alive() && !owner.writer().control(this, Tcp.ACK, send.max)) {
            receive.ackNow = true;
            send.starve(owner);
        }
    }

    void failure(Failure reason) {
        failure = reason;
    }

    /** Once only, whoever comes first. */
    void runOnClosed() {
        Runnable action = ON_CLOSED.getAndSet(this, null);
        if (action != null) {
            action.run();
        }
    }

    /** A segment for this connection. */
    public void segmentArrives(Segment s, NetworkStack owner) {
        mobility.settle(owner);
        if (s.source != link && owner.lossless() && s.source != null && s.source.peer() != link().peer()) {
            // Another process of this host poses as the peer.
            owner.counters().foreign++;
            return;
        }
        keepAlive.heard(owner.now());
        SegmentArrives.process(this, s, owner, null);
    }

    /** The earliest of its timers. */
    public long deadline() {
        long soon = Math.min(Math.min(retransmitAt, acknowledgeAt), stallAt);
        return Math.min(Math.min(soon, keepAlive.deadline()), Math.min(lingerAt, synAt));
    }

    /** Publishes all that was accepted, whatever the window. True when nothing is left. */
    public boolean flushForExit(NetworkStack owner) {
        return send.flushForExit(owner);
    }

    @Override
    public String toString() {
        return local() + " -> " + remote() + " " + state;
    }
}
