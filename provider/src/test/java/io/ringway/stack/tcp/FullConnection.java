package io.ringway.stack.tcp;

import io.ringway.nic.Capabilities;
import io.ringway.nic.IpEndpoint;
import io.ringway.stack.ListenerTable;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.Readiness;
import io.ringway.stack.StackSettings;
import io.ringway.stack.memory.Faults;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.MemoryPort;
import io.ringway.stack.memory.MemoryQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** An established connection that is full: a write that meets an acknowledgment, again and again. */
final class FullConnection {
    private static final int BUFFER = 512;
    private static final int WINDOW = 0xffff;
    private static final int IRS = 5000;
    private static final StackSettings SETTINGS = new StackSettings(1 << 16, BUFFER, BUFFER, 1, 1, 1, 1, 1, 64);
    private static final MemoryNetwork.Setup SETUP =
            new MemoryNetwork.Setup(new Capabilities(true, true, 2048, 240), 16, 16, false, Faults.NONE);

    private final MemoryNetwork network = new MemoryNetwork(SETUP, 1);
    private final NetworkStack stack;
    private final RawPeer peer;
    private final TcpConnection connection;
    private final AtomicInteger told = new AtomicInteger();
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private final int iss;
    private long accepted;
    private int toldBefore;

    FullConnection() {
        MemoryPort port = network.port("stack");
        MemoryQueue queue = port.openQueue();
        stack = new NetworkStack(queue, SETTINGS, new ListenerTable(), new Random(7));
        IpEndpoint ours = IpEndpoint.v4(0x0a000001, 40_000);
        IpEndpoint theirs = IpEndpoint.v4(0x0a000002, 80);
        peer = new RawPeer(network, queue, theirs, ours);
        connection = TcpConnection.connect(
                stack, port.routeTo(peer.queue), ours, theirs, new TcpOptions(), told::incrementAndGet, network.now());
        peer.poll();
        iss = peer.received.getFirst().seq();
        peer.send(Seg.synAck(IRS, iss + 1).wnd(WINDOW).mss(1460));
        poll();
        fill();
    }

    private void poll() {
        stack.submit(s -> s.poll(network.now()));
    }

    /** Writes what there is room for, and nothing beyond it. */
    private void fill() {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER - (int) unacknowledged());
        while (bytes.hasRemaining()) {
            accepted += write(bytes);
        }
        peer.poll();
        peer.received.clear();
        toldBefore = told.get();
    }

    private long unacknowledged() {
        return connection.send.room.unreadByPeer();
    }

    private int write(ByteBuffer bytes) {
        try {
            return connection.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The program's thread: a write for which there may be no room. */
    int write() {
        return write(one.clear());
    }

    /** The same by several buffers. */
    int writeGathering() {
        try {
            return (int) connection.write(new ByteBuffer[] {one.clear()}, 0, 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The program's thread: what a selector finds. */
    boolean mayWrite() {
        return (connection.readiness() & Readiness.WRITE) != 0;
    }

    /** The stack's thread: everything that was sent is acknowledged. */
    void acknowledge() {
        peer.send(Seg.ack(IRS + 1, iss + 1 + (int) accepted).wnd(WINDOW));
        poll();
    }

    /** Whether the program was told since the connection was full. */
    boolean wasTold() {
        return told.get() != toldBefore;
    }

    /** Fills the connection again; {@code written} is what the program wrote. One thread, after all others. */
    void refill(int written) {
        accepted += written;
        acknowledge();
        if (unacknowledged() != 0) {
            throw new AssertionError("all is acknowledged, but not " + unacknowledged() + " bytes");
        }
        fill();
    }

    /** Fails if the connection is broken, or the contract of device queues was. */
    void check() {
        network.check();
        if (connection.state() != TcpState.ESTABLISHED) {
            throw new AssertionError(connection + " " + connection.failure());
        }
    }
}
