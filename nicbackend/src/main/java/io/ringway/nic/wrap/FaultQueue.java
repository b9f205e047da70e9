package io.ringway.nic.wrap;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import io.ringway.nic.PortCounters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A queue whose packets out suffer faults. Delayed ones wait here, in bounded number (what comes beyond it is lost), and
 * go out with a later poll or flush; while some wait, the queue does not let its thread sleep.
 */
final class FaultQueue extends WrappedQueue {
    private static final int MOST_HELD = 1024;
    private static final long REORDER_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private final Faults faults;
    private final LongSupplier clock;
    private final SplittableRandom random;
    private final PriorityQueue<HeldPacket> held = new PriorityQueue<>();
    private long claimed;
    private long packets;
    private long lost;
    private long duplicated;
    private long reordered;
    private long corrupted;

    FaultQueue(Port port, DeviceQueue inner, Faults faults, LongSupplier clock) {
        super(port, inner);
        this.faults = faults;
        this.clock = clock;
        random = new SplittableRandom(faults.seed() + inner.id());
    }

    private boolean happens(double chance) {
        return random.nextDouble() < chance;
    }

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        claimed = super.claim(link, headerLength, inlineLength);
        return claimed;
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        packets++;
        // All choices are made for every packet, so that one fault doesn't move the others.
        boolean loses = happens(faults.loss());
        boolean twice = happens(faults.duplicate());
        boolean late = happens(faults.reorder());
        boolean broken = happens(faults.corrupt());
        if (loses) {
            lost++;
            abort(link);
            return;
        }
        long due = clock.getAsLong() + faults.delayNanos();
        long payload = frame == 0 ? claimed + headerLength : payloadOffset;
        if (twice) {
            duplicated++;
            hold(copy(link, headerLength, payload, payloadLength, due));
        }
        if (!late && !broken && faults.delayNanos() == 0) {
            super.commit(link, headerLength, frame, payloadOffset, payloadLength);
            return;
        }
        reordered += late ? 1 : 0;
        long extra = late ? random.nextLong(REORDER_NANOS) : 0;
        HeldPacket packet = copy(link, headerLength, payload, payloadLength, due + extra);
        if (broken) {
            corrupted++;
            packet.corrupt(random);
        }
        abort(link);
        hold(packet);
    }

    private HeldPacket copy(Link link, int headerLength, long payload, int payloadLength, long due) {
        byte[] bytes = new byte[headerLength + payloadLength];
        MemorySegment.copy(memory(), ValueLayout.JAVA_BYTE, claimed, bytes, 0, headerLength);
        MemorySegment.copy(memory(), ValueLayout.JAVA_BYTE, payload, bytes, headerLength, payloadLength);
        return new HeldPacket(link, bytes, headerLength, due, packets);
    }

    private void hold(HeldPacket packet) {
        if (held.size() == MOST_HELD) {
            lost++;
        } else {
            held.add(packet);
        }
    }

    private void sendDue() {
        HeldPacket packet = held.peek();
        while (packet != null
                && packet.due() - clock.getAsLong() <= 0
                && (packet.link().isClosed() || send(packet))) {
            held.remove();
            packet = held.peek();
        }
    }

    /** False if there is no room. */
    private boolean send(HeldPacket packet) {
        int headers = packet.headerLength();
        int length = packet.payloadLength();
        boolean inline = packet.bytes().length <= port().capabilities().inlineBytes();
        long frame = inline ? 0 : allocate(length);
        if (frame == 0 && !inline) {
            return false;
        }
        long at = super.claim(packet.link(), headers, inline ? length : 0);
        if (at >= 0) {
            long payload = inline ? at + headers : frame;
            MemorySegment.copy(packet.bytes(), 0, memory(), ValueLayout.JAVA_BYTE, at, headers);
            MemorySegment.copy(packet.bytes(), headers, memory(), ValueLayout.JAVA_BYTE, payload, length);
            super.commit(packet.link(), headers, frame, payload, length);
        }
        if (frame != 0) {
            free(frame);
        }
        return at >= 0;
    }

    @Override
    public int receive(FrameHandler handler, int budget) {
        sendDue();
        return super.receive(handler, budget);
    }

    @Override
    public void flush() {
        sendDue();
        super.flush();
    }

    @Override
    public int backlog() {
        return super.backlog() + held.size();
    }

    @Override
    public void arm() {
        super.arm();
        stayAwake();
    }

    @Override
    public void clearDoorbell() {
        super.clearDoorbell();
        stayAwake();
    }

    private void stayAwake() {
        if (!held.isEmpty()) {
            ring();
        }
    }

    @Override
    public void count(PortCounters sum) {
        super.count(sum);
        sum.add("packetsToFault", packets);
        sum.add("faultLost", lost);
        sum.add("faultDuplicated", duplicated);
        sum.add("faultReordered", reordered);
        sum.add("faultCorrupted", corrupted);
    }
}
