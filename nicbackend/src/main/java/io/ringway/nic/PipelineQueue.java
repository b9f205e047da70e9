package io.ringway.nic;

import io.ringway.nic.offload.Aggregator;
import io.ringway.nic.offload.AggregatorCounters;
import io.ringway.nic.offload.CollectionEnd;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** A device queue behind the pipelines, for ports that don't do everything by themselves. Threads as the queue's. */
final class PipelineQueue implements DeviceQueue {
    private final DeviceQueue queue;
    private final Capabilities capabilities;
    private final TransmitStage transmit;
    private final Aggregator receive;
    private boolean armed;

    PipelineQueue(DeviceQueue queue, Capabilities capabilities, TransmitStage transmit, Aggregator receive) {
        this.queue = queue;
        this.capabilities = capabilities;
        this.transmit = transmit;
        this.receive = receive;
    }

    @Override
    public int id() {
        return queue.id();
    }

    @Override
    public Port port() {
        return queue.port();
    }

    @Override
    public DeviceQueue device() {
        return queue;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public MemorySegment memory() {
        return queue.memory();
    }

    @Override
    public int receive(FrameHandler handler, int budget) {
        transmit.pushOut();
        receive.beginBatch(handler);
        int done = queue.receive(receive, budget);
        receive.endBatch();
        return done;
    }

    @Override
    public boolean hasNext() {
        return transmit.backlog() > 0 || queue.hasNext();
    }

    @Override
    public void release(long frame) {
        queue.release(frame);
    }

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        return transmit.claim(link, headerLength, inlineLength);
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        transmit.commit(link, headerLength, frame, payloadOffset, payloadLength);
    }

    @Override
    public void commit(
            Link link, int headerLength, long frame, long payloadOffset, int payloadLength, int segmentSize) {
        transmit.commit(link, headerLength, frame, payloadOffset, payloadLength, segmentSize);
    }

    @Override
    public void abort(Link link) {
        queue.abort(link);
    }

    /** {@inheritDoc} Asks for the bell anew where something found no room since it was armed. */
    @Override
    public void flush() {
        transmit.pushOut();
        queue.flush();
        if (armed && transmit.backlog() > 0) {
            queue.arm();
        }
    }

    @Override
    public int backlog() {
        return transmit.backlog() + queue.backlog();
    }

    @Override
    public long allocate(int size) {
        return queue.allocate(size);
    }

    @Override
    public int capacity(long frame) {
        return queue.capacity(frame);
    }

    @Override
    public boolean isReserved(Link link, long held) {
        return queue.isReserved(link, held);
    }

    @Override
    public void free(long frame) {
        transmit.free(frame);
    }

    @Override
    public void reclaim() {
        queue.reclaim();
    }

    @Override
    public void arm() {
        armed = true;
        queue.arm();
    }

    @Override
    public void disarm() {
        armed = false;
        queue.disarm();
    }

    @Override
    public int doorbell() {
        return queue.doorbell();
    }

    @Override
    public void ring() {
        queue.ring();
    }

    @Override
    public void clearDoorbell() {
        queue.clearDoorbell();
    }

    @Override
    public void close() {
        transmit.pushOut();
        queue.close();
    }

    @Override
    public long garbage() {
        return queue.garbage() + receive.counters().badChecksums();
    }

    @Override
    public void count(PortCounters sum) {
        queue.count(sum);
        transmit.count(sum);
        AggregatorCounters c = receive.counters();
        sum.add("segmentsIn", c.segmentsIn());
        sum.add("segmentsOut", c.segmentsOut());
        sum.add("aggregatesOut", c.aggregatesOut());
        sum.add("badChecksums", c.badChecksums());
        for (CollectionEnd reason : CollectionEnd.values()) {
            sum.add("endedBy." + reason.name().toLowerCase(Locale.ROOT), c.endings(reason));
        }
    }
}
