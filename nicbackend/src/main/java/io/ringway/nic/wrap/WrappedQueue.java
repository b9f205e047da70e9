package io.ringway.nic.wrap;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import io.ringway.nic.PortCounters;
import java.lang.foreign.MemorySegment;

/** A queue that passes everything on to another one. Threads as that one's. */
abstract class WrappedQueue implements DeviceQueue {
    private final Port port;
    private final DeviceQueue inner;

    WrappedQueue(Port port, DeviceQueue inner) {
        this.port = port;
        this.inner = inner;
    }

    DeviceQueue inner() {
        return inner;
    }

    @Override
    public int id() {
        return inner.id();
    }

    @Override
    public Port port() {
        return port;
    }

    @Override
    public MemorySegment memory() {
        return inner.memory();
    }

    @Override
    public int receive(FrameHandler handler, int budget) {
        return inner.receive(handler, budget);
    }

    @Override
    public void release(long frame) {
        inner.release(frame);
    }

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        return inner.claim(link, headerLength, inlineLength);
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        inner.commit(link, headerLength, frame, payloadOffset, payloadLength);
    }

    @Override
    public void commit(
            Link link, int headerLength, long frame, long payloadOffset, int payloadLength, int segmentSize) {
        inner.commit(link, headerLength, frame, payloadOffset, payloadLength, segmentSize);
    }

    @Override
    public int backlog() {
        return inner.backlog();
    }

    @Override
    public void abort(Link link) {
        inner.abort(link);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public long allocate(int size) {
        return inner.allocate(size);
    }

    @Override
    public int capacity(long frame) {
        return inner.capacity(frame);
    }

    @Override
    public boolean isReserved(Link link, long held) {
        return inner.isReserved(link, held);
    }

    @Override
    public void free(long frame) {
        inner.free(frame);
    }

    @Override
    public void reclaim() {
        inner.reclaim();
    }

    @Override
    public void arm() {
        inner.arm();
    }

    @Override
    public void disarm() {
        inner.disarm();
    }

    @Override
    public int doorbell() {
        return inner.doorbell();
    }

    @Override
    public void ring() {
        inner.ring();
    }

    @Override
    public void clearDoorbell() {
        inner.clearDoorbell();
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public long garbage() {
        return inner.garbage();
    }

    @Override
    public void count(PortCounters sum) {
        inner.count(sum);
    }
}
