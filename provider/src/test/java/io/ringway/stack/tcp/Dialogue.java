package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Nic;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * One stack, and a peer played by the test: segments in, segments out. There is a builder for each state; the numbers
 * in the tests are those of RFC 9293's figures, relative to {@link #iss} and {@link #irs}.
 */
abstract class Dialogue {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final int LOCAL_PORT = 40_000;
    static final int PEER_PORT = 80;

    /** Kind of port, and sequence numbers far from and close to the end of their space. */
    enum Setting {
        LOSSY(false, 1_000, 700_000),
        LOSSY_WRAPPING(false, -1, -3),
        LOSSLESS(true, 1_000, 700_000),
        LOSSLESS_WRAPPING(true, -2, Integer.MAX_VALUE);

        final boolean lossless;
        final int iss;
        final int irs;

        Setting(boolean lossless, int iss, int irs) {
            this.lossless = lossless;
            this.iss = iss;
            this.irs = irs;
        }
    }

    final Setting setting;
    final boolean lossless;
    /** Initial send and receive sequence numbers. */
    final int iss;

    final int irs;

    MemoryNetwork network;
    MemoryPort port;
    MemoryQueue queue;
    ListenerTable listeners;
    NetworkStack stack;
    RawPeer peer;
    TcpListener listener;
    TcpConnection c;
    final TcpOptions options = new TcpOptions();
    StackSettings settings = StackSettings.defaults();
    /** Calls of the observer. */
    int told;
    /** Frames of each size per port. */
    int frames = 96;
    /** Whether frames and connections may be left at the end. */
    boolean leaky;

    Dialogue(Setting setting) {
        this.setting = setting;
        lossless = setting.lossless;
        iss = setting.iss;
        irs = setting.irs;
    }

    @BeforeEach
    void start() {
        restart(settings);
    }

    /** Starts anew with other settings. */
    void restart(StackSettings newSettings) {
        settings = newSettings;
        network = new MemoryNetwork(
                (lossless ? MemoryNetwork.LOSSLESS : MemoryNetwork.lossy(Faults.NONE)).withFrames(frames), 1);
        port = network.port("stack");
        Nic nic = new Nic();
        nic.add(port);
        DeviceQueue behindPipelines = nic.openQueue(port);
        queue = (MemoryQueue) behindPipelines.device();
        listeners = newListeners();
        stack = new NetworkStack(behindPipelines, settings, listeners, () -> (long) iss << 32);
        peer = new RawPeer(network, queue, peerEnd(), ourEnd());
        c = null;
        listener = null;
    }

    /** Of a process with one port. */
    ListenerTable newListeners() {
        return new ListenerTable();
    }

    static IpEndpoint ourEnd() {
        return IpEndpoint.v4(0x0a000001, LOCAL_PORT);
    }

    static IpEndpoint peerEnd() {
        return IpEndpoint.v4(0x0a000002, PEER_PORT);
    }

    @AfterEach
    void nothingLeaks() {
        if (c != null && !leaky) {
            if (c.state() != TcpState.CLOSED) {
                c.abort();
            }
            c.close();
            run();
            assertEquals(TcpState.CLOSED, c.state());
            assertEquals(0, stack.connections(), "connections in the tables");
        }
        if (!leaky) {
            peer.poll();
            assertEquals(0, network.outstanding(), network::describeOutstanding);
        }
        network.check();
    }

    // ---- running ----

    /** Lets packets arrive and the stack work, without time passing beyond the packets' delay. */
    void run() {
        for (int i = 0; i < 16; i++) {
            long next = network.nextArrival();
            if (next != Long.MAX_VALUE) {
                network.advanceTo(Math.max(next, network.now()));
            }
            poll();
            peer.poll();
        }
    }

    private void poll() {
        assertTrue(stack.tryOwn());
        try {
            stack.poll(network.now());
        } finally {
            stack.disown();
        }
    }

    /** Lets time pass, deadline by deadline. */
    void pass(long nanos) {
        long end = network.now() + nanos;
        run();
        while (deadline() <= end) {
            network.advanceTo(Math.max(deadline(), network.now()));
            run();
        }
        network.advanceTo(Math.max(end, network.now()));
        run();
    }

    /** Lets time pass until a segment comes; how long it was. */
    long passUntilSegment() {
        long start = network.now();
        run();
        while (peer.received.isEmpty()) {
            long next = deadline();
            assertTrue(next != Long.MAX_VALUE, "no timer runs");
            network.advanceTo(Math.max(next, network.now()));
            run();
        }
        return network.now() - start;
    }

    long deadline() {
        assertTrue(stack.tryOwn());
        long next = stack.nextDeadline();
        stack.disown();
        return next;
    }

    void send(Seg... segments) {
        for (Seg s : segments) {
            peer.send(s);
        }
        run();
    }

    /** What came since the last call is exactly this. */
    void expect(Seg... expected) {
        run();
        List<Seg> actual = new ArrayList<>(peer.received);
        peer.received.clear();
        boolean same = actual.size() == expected.length;
        for (int i = 0; same && i < expected.length; i++) {
            same = expected[i].fits(actual.get(i));
        }
        assertTrue(same, () -> "expected " + List.of(expected) + " but got " + actual);
    }

    void expectNothing() {
        expect();
    }

    /** The only segment that came since the last call. */
    Seg next() {
        run();
        assertEquals(1, peer.received.size(), () -> "one segment, not " + peer.received);
        return peer.received.removeFirst();
    }

    void state(TcpState expected) {
        assertEquals(expected, c.state());
    }

    void failure(Failure expected) {
        assertEquals(expected, c.failure());
    }

    // ---- the program ----

    int write(String text) {
        return write(text.getBytes(StandardCharsets.US_ASCII));
    }

    int write(byte[] bytes) {
        try {
            return c.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads everything that is there; null at the end of the stream. */
    String read() {
        ByteBuffer b = ByteBuffer.allocate(1 << 20);
        try {
            int n = c.read(b);
            if (n < 0) {
                return null;
            }
            while (n > 0) {
                n = c.read(b);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new String(b.array(), 0, b.position(), StandardCharsets.US_ASCII);
    }

    void readThrows(String message) {
        IOException e = assertThrows(IOException.class, () -> c.read(ByteBuffer.allocate(10)));
        assertEquals(message, e.getMessage());
    }

    void writeThrows(String message) {
        IOException e = assertThrows(IOException.class, () -> c.write(ByteBuffer.allocate(10)));
        assertEquals(message, e.getMessage());
    }

    boolean ready(int operations) {
        return (c.readiness() & operations) == operations;
    }

    void assertTold() {
        assertTrue(told > 0, "the observer was told");
        told = 0;
    }

    // ---- states ----

    void listening() {
        listener = new TcpListener(listeners, ourEnd(), false, 2, options, () -> told++);
    }

    void synSent() {
        c = TcpConnection.connect(
                stack, port.routeTo(peer.queue), ourEnd(), peerEnd(), options, () -> told++, network.now());
        expect(Seg.syn(iss));
        state(TcpState.SYN_SENT);
    }

    /** After a SYN to a listener; {@link #c} is not known yet. */
    void synReceived() {
        listening();
        send(Seg.syn(irs).mss(1000).shift(0));
        expect(Seg.synAck(iss, irs + 1));
    }

    /** Active open; the peer offers MSS 1,000 and a window of 65,535 without scaling. */
    void established() {
        synSent();
        send(Seg.synAck(irs, iss + 1).mss(1000).shift(0));
        expect(Seg.ack(iss + 1, irs + 1));
        state(TcpState.ESTABLISHED);
        assertTrue(ready(Readiness.CONNECT | Readiness.WRITE));
        assertTold();
    }

    /** Passive open. */
    void accepted() {
        synReceived();
        send(Seg.ack(irs + 1, iss + 1));
        peer.received.clear();
        c = listener.accept();
        c.observer(() -> told++);
        state(TcpState.ESTABLISHED);
        told = 0;
    }

    void finWait1() {
        established();
        c.shutdownOutput();
        expect(Seg.fin(iss + 1, irs + 1));
        state(TcpState.FIN_WAIT_1);
    }

    void finWait2() {
        finWait1();
        send(Seg.ack(irs + 1, iss + 2));
        expectNothing();
        state(TcpState.FIN_WAIT_2);
    }

    void closeWait() {
        established();
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 1, irs + 2));
        state(TcpState.CLOSE_WAIT);
        assertTold();
    }

    void closing() {
        finWait1();
        send(Seg.fin(irs + 1, iss + 1));
        expect(Seg.ack(iss + 2, irs + 2));
        state(TcpState.CLOSING);
    }

    void lastAck() {
        closeWait();
        c.shutdownOutput();
        expect(Seg.fin(iss + 1, irs + 2));
        state(TcpState.LAST_ACK);
    }

    /** On ports that can lose; the others have none. */
    void timeWait() {
        finWait2();
        send(Seg.fin(irs + 1, iss + 2));
        expect(Seg.ack(iss + 2, irs + 2));
        state(lossless ? TcpState.CLOSED : TcpState.TIME_WAIT);
    }
}
