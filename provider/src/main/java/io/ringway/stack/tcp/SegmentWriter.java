package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.memory.Words;
import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.Link;
import io.ringway.stack.MemoryView;
import io.ringway.stack.NetworkStack;
import io.ringway.wire.HeaderTemplate;
import io.ringway.wire.Tcp;
import io.ringway.wire.TcpOption;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Writes segments into transmit slots. One per stack; owner only. */
public final class SegmentWriter {
    private final NetworkStack stack;
    private final DeviceQueue queue;
    private final MemorySegment memory;
    private final Words words;
    private final MemoryView view;
    private final int inlineBytes;

    public SegmentWriter(NetworkStack stack, DeviceQueue queue, MemoryView view) {
        Capabilities capabilities = queue.capabilities();
        if (!capabilities.checksums()) {
            throw new IllegalArgumentException(
                    "no pipeline completes the checksums of " + queue.port().name());
        }
        this.stack = stack;
        this.queue = queue;
        this.view = view;
        memory = queue.memory();
        words = new Words(memory);
        inlineBytes = capabilities.inlineBytes();
    }

    /** Payload bytes that travel inside the slot, behind this connection's headers. */
    int inlineRoom(TcpConnection c) {
        return Math.min(inlineBytes - c.ipHeaderLength - Tcp.HEADER, c.send.mss);
    }

    /** A segment without payload. False when the ring is full. */
    boolean control(TcpConnection c, int flags, int seq) {
        return control(c, flags, seq, null);
    }

    private boolean control(TcpConnection c, int flags, int seq, @Nullable OutOfLine never) {
        int headers = c.ipHeaderLength + Tcp.HEADER + ((flags & Tcp.SYN) != 0 ? TcpOption.SYN_OPTIONS : 0);
        long at = queue.claim(c.link(), headers, 0);
        if (at < 0) {
            return false;
        }
        headers(c, at, headers, flags, seq, 0);
        queue.commit(c.link(), headers, 0, 0, 0);
        sent(c, 0);
        return true;
    }

    /**
     * Begins a segment whose payload goes from the program's buffers straight into the slot.
     *
     * @return where the payload goes in the queue's memory, before {@link #commitInline}; -1 when the ring is full
     */
    long claimInline(TcpConnection c, int flags, int seq, int length) {
        int headers = c.ipHeaderLength + Tcp.HEADER;
        long at = queue.claim(c.link(), headers, length);
        if (at < 0) {
            return -1;
        }
        headers(c, at, headers, flags, seq, length);
        return at + headers;
    }

    /** Publishes it. */
    void commitInline(TcpConnection c, int length) {
        queue.commit(c.link(), c.ipHeaderLength + Tcp.HEADER, 0, 0, length);
        sent(c, length);
    }

    /** A segment whose payload is in a frame; small payloads are copied into the slot. False when the ring is full. */
    boolean framed(TcpConnection c, int flags, int seq, long frame, long offset, int length) {
        int headers = c.ipHeaderLength + Tcp.HEADER;
        boolean inline = length <= inlineRoom(c);
        long at = queue.claim(c.link(), headers, inline ? length : 0);
        if (at < 0) {
            return false;
        }
        headers(c, at, headers, flags, seq, length);
        if (inline) {
            view.copy(offset, at + headers, length);
        }
        if (length > c.send.mss) {
            queue.commit(c.link(), headers, frame, offset, length, c.send.mss);
        } else {
            queue.commit(c.link(), headers, inline ? 0 : frame, offset, length);
        }
        sent(c, length);
        return true;
    }

    private void sent(TcpConnection c, int length) {
        stack.counters().segmentsSent++;
        stack.counters().bytesSent += length;
        c.send.flow.sent(length);
        c.receive.acknowledged();
    }

    private void headers(TcpConnection c, long at, int headers, int flags, int seq, int length) {
        boolean syn = (flags & Tcp.SYN) != 0;
        int ack = (flags & Tcp.ACK) != 0 ? c.receive.nxt : 0;
        int window = syn ? c.receive.synWindow() : c.receive.advertise();
        int control = Tcp.control(headers - c.ipHeaderLength, flags, window);
        c.template.write(words, at, c.options().trafficClass(), headers + length, seq, ack, control);
        if (syn) {
            long options = at + c.ipHeaderLength + Tcp.HEADER;
            TcpOption.writeSyn(words, options, c.receive.mss(), c.receive.offeredShift(), c.program.readPosition());
        }
    }

    /** Answers a segment that belongs to nobody (RFC 9293, section 3.10.7.1). */
    public void reset(Segment s, Link link) {
        HeaderTemplate template = new HeaderTemplate(
                s.destinationHigh, s.destinationLow, s.destinationPort, s.sourceHigh, s.sourceLow, s.sourcePort);
        int headers = template.ipLength() + Tcp.HEADER;
        long at = queue.claim(link, headers, 0);
        if (at < 0) {
            return;
        }
        boolean acked = s.has(Tcp.ACK);
        int seq = acked ? s.ack : 0;
        int ack = acked ? 0 : s.seq + s.sequenceLength();
        int flags = acked ? Tcp.RST : Tcp.RST | Tcp.ACK;
        template.write(words, at, 0, headers, seq, ack, Tcp.control(Tcp.HEADER, flags, 0));
        queue.commit(link, headers, 0, 0, 0);
        stack.counters().resetsSent++;
    }
}
