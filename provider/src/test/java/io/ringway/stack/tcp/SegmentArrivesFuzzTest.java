package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.nic.Capabilities;
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
import io.ringway.stack.memory.Script;
import io.ringway.wire.Tcp;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A peer that sends anything in any state, to a program that does anything. Nothing fails, the contract of device
 * queues is kept, and at the end no frame and no connection is left.
 */
class SegmentArrivesFuzzTest {
    private static final int STEPS = 120;
    private static final long SECOND = 1_000_000_000L;
    private static final int IRS = 5000;
    private static final Faults NO_DELAY = new Faults(0, 0, 0, 0, 0, 0);
    private static final StackSettings SETTINGS = new StackSettings(
            16 << 10, 8 << 10, 12 << 10, 20_000_000L, SECOND, 60 * SECOND, 60 * SECOND, 7_200 * SECOND, 8);

    private MemoryNetwork network;
    private MemoryPort port;
    private List<NetworkStack> stacks;
    private RawPeer peer;
    private TcpListener listener;
    private List<TcpConnection> connections;
    /** What the peer expects next, and would send next. */
    private int expected;

    private int next;
    private boolean peerLives;

    @FuzzTest(maxDuration = "60s")
    void anyDialogueIsSurvived(byte[] input) {
        Script script = new Script(input);
        int shape = script.u8();
        start((shape & 1) == 0);
        if ((shape & 2) != 0) {
            establish((shape & 4) != 0);
        }
        for (int i = 0; i < STEPS && script.hasNext(); i++) {
            step(script.u8(), script);
            poll();
        }
        end();
    }

    private void start(boolean lossless) {
        Capabilities capabilities =
                lossless ? new Capabilities(true, true, 2048, 240) : new Capabilities(false, false, 1440, 128);
        network = new MemoryNetwork(new MemoryNetwork.Setup(capabilities, 16, 24, true, NO_DELAY), 1);
        port = network.port("stack");
        Nic nic = new Nic();
        nic.add(port);
        ListenerTable listeners = new ListenerTable();
        stacks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            stacks.add(new NetworkStack(nic.openQueue(port), SETTINGS, listeners, new Random(i)));
        }
        peer = new RawPeer(network, (MemoryQueue) stacks.getFirst().queue().device(), theirs(), ours());
        listener = new TcpListener(listeners, ours(), false, 3, new TcpOptions(), () -> {});
        connections = new ArrayList<>();
        next = IRS;
        expected = 0;
        peerLives = true;
    }

    private static IpEndpoint ours() {
        return IpEndpoint.v4(0x0a000001, 80);
    }

    private static IpEndpoint theirs() {
        return IpEndpoint.v4(0x0a000002, 40_000);
    }

    private void establish(boolean active) {
        if (active) {
            connect();
            poll();
            send(Seg.synAck(next++, expected).mss(1000).shift(3));
        } else {
            send(Seg.syn(next++).mss(1000).shift(3));
            poll();
            send(Seg.ack(next, expected));
        }
        poll();
        accept();
    }

    private void connect() {
        connections.add(TcpConnection.connect(
                stacks.getFirst(),
                port.routeTo(peer.queue),
                ours(),
                theirs(),
                new TcpOptions(),
                () -> {},
                network.now()));
    }

    private void accept() {
        TcpConnection accepted = listener.accept();
        if (accepted != null) {
            connections.add(accepted);
        }
    }

    // ---- steps ----

    private void step(int what, Script script) {
        if (what < 0x80) {
            send(segment(what, script));
            return;
        }
        switch (what & 15) {
            case 0, 1 -> write(script.u16() % 5000, (what & 16) != 0);
            case 2, 3 -> read(script.u16() % 5000);
            case 4 -> last().shutdownOutput();
            case 5 -> last().shutdownInput();
            case 6 -> closeLast();
            case 7 -> last().abort();
            case 8 -> network.advanceTo(network.now() + (script.u8() << 20));
            case 9 -> network.advanceTo(network.now() + script.u8() * SECOND);
            case 10 -> sendRaw(script);
            case 11 -> accept();
            case 12 -> listener.close();
            case 13 -> last().moveTo(stacks.get(script.u8() & 1));
            case 14 -> connect();
            default -> {
                if ((what & 0x70) == 0x70) {
                    peerDies();
                }
            }
        }
    }

    private void peerDies() {
        if (peerLives) {
            peerLives = false;
            peer.port.die();
        }
    }

    /** A segment near what would be right, or anything. */
    private Seg segment(int what, Script script) {
        int flags = script.u8() & 0x3f;
        int seq = (what & 1) == 0 ? next : (what & 2) == 0 ? next + (byte) script.u8() * 16 : script.i32();
        int ack = (what & 4) == 0 ? expected : (what & 8) == 0 ? expected + (byte) script.u8() * 16 : script.i32();
        Seg s = Seg.of(flags, seq, ack);
        if ((what & 16) != 0) {
            s = s.wnd(script.u16());
        }
        if ((what & 32) != 0) {
            s = s.carrying(new byte[script.u16() % 1400]);
        }
        if ((what & 64) != 0) {
            s = s.mss(script.u16()).shift(script.u8());
        }
        if (seq == next) {
            next += s.length() + (s.has(Tcp.SYN) ? 1 : 0) + (s.has(Tcp.FIN) ? 1 : 0);
        }
        return s;
    }

    private void send(Seg s) {
        if (peerLives && mayAllocate(s.length())) {
            peer.send(s);
        }
    }

    private boolean mayAllocate(int length) {
        long frame = length == 0 ? 0 : peer.queue.allocate(length);
        if (frame != 0) {
            peer.queue.free(frame);
        }
        return length == 0 || frame != 0;
    }

    /** Headers that may be no headers at all. */
    private void sendRaw(Script script) {
        int payload = script.u8() % 100;
        byte[] headers = script.take(1 + script.u8() % 100);
        if (!peerLives || headers.length == 0) {
            return;
        }
        long at = peer.queue.claim(peer.link, headers.length, payload % 28);
        MemorySegment.copy(headers, 0, peer.queue.memory(), ValueLayout.JAVA_BYTE, at, headers.length);
        peer.queue.commit(peer.link, headers.length, 0, 0, payload % 28);
        peer.queue.flush();
    }

    private TcpConnection last() {
        if (connections.isEmpty()) {
            connect();
        }
        return connections.getLast();
    }

    private void closeLast() {
        last().close();
        connections.removeLast();
    }

    /** A channel does not let its program read or write before it is connected. */
    private boolean isConnected() {
        return (last().readiness() & Readiness.CONNECT) != 0;
    }

    private void write(int length, boolean gathering) {
        if (!isConnected()) {
            return;
        }
        try {
            if (gathering) {
                last().write(new ByteBuffer[] {ByteBuffer.allocate(length), ByteBuffer.allocate(100)}, 0, 2);
            } else {
                last().write(ByteBuffer.allocate(length));
            }
        } catch (IOException e) {
            assertEquals(Readiness.WRITE, last().readiness() & Readiness.WRITE);
        }
    }

    private void read(int length) {
        if (!isConnected()) {
            return;
        }
        try {
            last().read(ByteBuffer.allocate(length));
        } catch (IOException e) {
            assertEquals("Connection reset", e.getMessage());
        }
    }

    // ---- running ----

    private void poll() {
        for (int i = 0; i < 3; i++) {
            for (NetworkStack stack : stacks) {
                stack.submit(s -> s.poll(network.now()));
            }
            if (peerLives) {
                peer.poll();
            }
        }
        for (Seg s : peer.received) {
            expected = s.seq() + s.length() + (s.has(Tcp.SYN) ? 1 : 0) + (s.has(Tcp.FIN) ? 1 : 0);
        }
        peer.received.clear();
    }

    private void end() {
        for (TcpConnection c : connections) {
            c.readiness();
            c.close();
        }
        listener.close();
        poll();
        peerDies();
        poll();
        network.check();
        for (NetworkStack stack : stacks) {
            assertEquals(0, stack.connections(), "connections that are left");
        }
        assertEquals(0, network.outstanding(), network::describeOutstanding);
    }
}
