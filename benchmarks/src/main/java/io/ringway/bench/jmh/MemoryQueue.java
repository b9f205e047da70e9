package io.ringway.bench.jmh;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A queue of a {@link MemoryPort}. One thread has all queues of a port. */
final class MemoryQueue implements DeviceQueue {
    private final MemoryPort port;
    private final int id;
    private final List<MemoryLink> incoming = new ArrayList<>();
    private final List<MemoryLink> outgoing = new ArrayList<>();

    MemoryQueue(MemoryPort port, int id) {
        this.port = port;
        this.id = id;
    }

    MemoryLink linkTo(MemoryQueue target) {
        for (int i = 0; i < outgoing.size(); i++) {
            if (outgoing.get(i).target() == target) {
                return outgoing.get(i);
            }
        }
        MemoryLink link = new MemoryLink(port, this, target);
        outgoing.add(link);
        target.incoming.add(link);
        return link;
    }

    @Override
    public int receive(FrameHandler handler, int budget) {
        int count = 0;
        for (int i = 0; i < incoming.size(); i++) {
            count += incoming.get(i).receive(handler, budget - count);
        }
        return count;
    }

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        return ((MemoryLink) link).claim();
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        if (frame != 0) {
            port.use(frame);
        }
        ((MemoryLink) link).commit(headerLength, frame, payloadOffset, payloadLength);
    }

    @Override
    public long allocate(int size) {
        return port.allocate();
    }

    @Override
    public void release(long frame) {
        port.release(frame);
    }

    @Override
    public void free(long frame) {
        port.release(frame);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public Port port() {
        return port;
    }

    @Override
    public MemorySegment memory() {
        return port.memory();
    }

    @Override
    public int capacity(long frame) {
        return MemoryPort.FRAME_BYTES;
    }

    @Override
    public void abort(Link link) {}

    @Override
    public void flush() {}

    @Override
    public void arm() {}

    @Override
    public void disarm() {}

    @Override
    public int doorbell() {
        return -1;
    }

    @Override
    public void ring() {}

    @Override
    public void clearDoorbell() {}

    @Override
    public void close() {}
}
