package io.ringway.stack.tcp;

import io.ringway.memory.Words;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.offload.Checksum;
import io.ringway.stack.memory.MemoryNetwork;
import io.ringway.stack.memory.MemoryPort;
import io.ringway.stack.memory.MemoryQueue;
import io.ringway.stack.memory.RawChecksum;
import io.ringway.wire.HeaderTemplate;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;
import io.ringway.wire.TcpOption;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The other end without a stack: sends what it is told to, and writes down what it gets. IPv4 only. */
final class RawPeer implements FrameHandler {
    private static final int OPTIONS_MSS = 4;
    private static final int OPTIONS_SHIFT = 4;

    final MemoryPort port;
    final MemoryQueue queue;
    final Link link;
    final List<Seg> received = new ArrayList<>();
    private final IpEndpoint own;
    private final IpEndpoint other;
    private final boolean checksums;

    RawPeer(MemoryNetwork network, MemoryQueue target, IpEndpoint own, IpEndpoint other) {
        port = network.port("peer");
        queue = port.openQueue();
        link = port.link(queue, port.routeTo(target));
        this.own = own;
        this.other = other;
        checksums = port.capabilities().checksums();
    }

    void send(Seg s) {
        int options = (s.mss() >= 0 ? OPTIONS_MSS : 0) + (s.shift() >= 0 ? OPTIONS_SHIFT : 0);
        int headers = Ip.V4_HEADER + Tcp.HEADER + options;
        long frame = s.length() == 0 ? 0 : queue.allocate(s.length());
        if (frame != 0) {
            MemorySegment.copy(s.data(), 0, queue.memory(), ValueLayout.JAVA_BYTE, frame, s.length());
        }
        long at = queue.claim(link, headers, 0);
        if (at < 0) {
            throw new IllegalStateException("the peer's ring is full");
        }
        MemorySegment m = queue.memory();
        long tcp = at + Ip.V4_HEADER;
        int ack = s.has(Tcp.ACK) ? s.ack() : 0;
        int wnd = s.wnd() < 0 ? 0xffff : s.wnd();
        new HeaderTemplate(own.high(), own.low(), own.port(), other.high(), other.low(), other.port())
                .write(
                        new Words(m),
                        at,
                        0,
                        headers + s.length(),
                        s.seq(),
                        ack,
                        Tcp.control(Tcp.HEADER + options, s.flags(), wnd));
        options(m, tcp + Tcp.HEADER, s);
        if (!checksums) {
            checksums(m, at, headers, frame, s.length());
        }
        queue.commit(link, headers, frame, frame, s.length());
        if (frame != 0) {
            queue.free(frame);
        }
        queue.flush();
    }

    private static void options(MemorySegment m, long start, Seg s) {
        long at = start;
        if (s.mss() >= 0) {
            m.set(ValueLayout.JAVA_BYTE, at, (byte) 2);
            m.set(ValueLayout.JAVA_BYTE, at + 1, (byte) 4);
            m.set(ValueLayout.JAVA_BYTE, at + 2, (byte) (s.mss() >> 8));
            m.set(ValueLayout.JAVA_BYTE, at + 3, (byte) s.mss());
            at += 4;
        }
        if (s.shift() >= 0) {
            m.set(ValueLayout.JAVA_BYTE, at, (byte) 3);
            m.set(ValueLayout.JAVA_BYTE, at + 1, (byte) 3);
            m.set(ValueLayout.JAVA_BYTE, at + 2, (byte) s.shift());
            m.set(ValueLayout.JAVA_BYTE, at + 3, (byte) 0);
        }
    }

    private void checksums(MemorySegment m, long at, int headers, long payload, int length) {
        RawChecksum.set(m, at + 10, Checksum.fold(Checksum.add(0, m, at, Ip.V4_HEADER)));
        int tcpLength = headers - Ip.V4_HEADER;
        long sum = RawChecksum.pseudoHeader(own.high(), own.low(), other.high(), other.low(), tcpLength + length);
        sum = Checksum.add(sum, m, at + Ip.V4_HEADER, tcpLength);
        RawChecksum.set(m, at + Ip.V4_HEADER + 16, Checksum.fold(Checksum.add(sum, m, payload, length)));
    }

    /** Takes what has arrived. */
    void poll() {
        while (queue.receive(this, 64) > 0) {
            queue.flush();
        }
    }

    @Override
    public void onFrame(
            Link source,
            long[] headers,
            int headerLength,
            MemorySegment payload,
            long payloadOffset,
            int payloadLength,
            long frame) {
        int ip = Ip.validate(headers, headerLength, headerLength + payloadLength);
        if (ip != Ip.V4_HEADER || Tcp.validate(headers, ip, headerLength) < 0) {
            throw new AssertionError("malformed packet");
        }
        byte[] data = payload.asSlice(payloadOffset, payloadLength).toArray(ValueLayout.JAVA_BYTE);
        if (!checksums) {
            verify(headers, headerLength, data);
        }
        boolean syn = (Tcp.flags(headers, ip) & Tcp.SYN) != 0;
        int from = ip + Tcp.HEADER;
        received.add(new Seg(
                Tcp.flags(headers, ip),
                Tcp.sequence(headers, ip),
                Tcp.acknowledgment(headers, ip),
                Tcp.window(headers, ip),
                syn ? TcpOption.maximumSegmentSize(headers, from, headerLength, Seg.UNSAID) : Seg.UNSAID,
                syn ? TcpOption.windowShift(headers, from, headerLength) : Seg.UNSAID,
                data));
        if (frame != 0) {
            queue.release(frame);
        }
    }

    private static void verify(long[] headers, int headerLength, byte[] data) {
        long sum = RawChecksum.pseudoHeader(
                Ip.sourceHigh(headers),
                Ip.sourceLow(headers),
                Ip.destinationHigh(headers),
                Ip.destinationLow(headers),
                headerLength - Ip.V4_HEADER + data.length);
        sum = Checksum.add(sum, headers, Ip.V4_HEADER, headerLength - Ip.V4_HEADER);
        sum = Checksum.add(sum, MemorySegment.ofArray(data), 0, data.length);
        if (Checksum.fold(sum) != 0 || Checksum.fold(Checksum.add(0, headers, 0, Ip.V4_HEADER)) != 0) {
            throw new AssertionError("wrong checksum");
        }
    }

    @Override
    public void onPeerGone(Peer peer) {
        throw new AssertionError("the stack's process doesn't die");
    }
}
