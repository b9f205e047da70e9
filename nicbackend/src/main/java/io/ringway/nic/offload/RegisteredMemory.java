package io.ringway.nic.offload;

import io.ringway.nic.FrameLender;
import io.ringway.nic.Port;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The frame memory that a program has on loan from one port (M12): frames of this process that it fills, and received
 * ones that it reads, each kind within the same bound. The registration cache is here too: it finds the loan, and so the
 * place in the device's memory, that an address range belongs to. Any thread.
 */
public final class RegisteredMemory {
    private final Port port;
    private final long bound;
    private final @Nullable FrameLender lender;

    /** The loans of frames of this process, by the address of their first byte. */
    private final ConcurrentSkipListMap<Long, Own> ranges = new ConcurrentSkipListMap<>();

    private final Set<Received> received = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<FrameLoan> forgotten = new ReferenceQueue<>();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final int receivedUnit;

    /** Read with every write: programs that lend nothing pay for nothing else. */
    private volatile boolean everLent;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder receiveRefusals = new LongAdder();
    private final LongAdder copied = new LongAdder();
    private final LongAdder leaks = new LongAdder();

    /**
     * The memory of a port.
     *
     * @param bound bytes that may be pinned by loans each way; 0 for none
     */
    public RegisteredMemory(Port port, long bound) {
        this.port = port;
        this.bound = bound;
        this.lender = port.lender();
        this.receivedUnit = port.capabilities().maxPayload();
    }

    /** A frame of this process. */
    private final class Own extends FrameLoan.Ending {
        private final FrameLender from;
        private final long frame;
        private final Long address;
        private final int size;

        Own(FrameLoan loan, FrameLender from, long frame, int size) {
            super(loan, RegisteredMemory.this);
            this.from = from;
            this.frame = frame;
            this.address = from.memory().address() + frame;
            this.size = size;
            ranges.put(address, this);
            if (!everLent) {
                everLent = true;
            }
        }

        @Override
        boolean isOf(RegisteredMemory memory) {
            return memory == RegisteredMemory.this;
        }

        boolean covers(long start, int length) {
            return start - address <= size - length;
        }

        @Override
        long frame() {
            return frame;
        }

        @Override
        void forget() {
            clear();
            ranges.remove(address);
        }

        @Override
        void giveBack() {
            forget();
            from.takeBack(frame);
        }
    }

    /** A frame that came from a peer, which stays mapped as long as its owner is reachable. */
    private final class Received extends FrameLoan.Ending {
        private final Runnable release;

        @Override
        boolean isOf(RegisteredMemory memory) {
            return false;
        }

        Received(FrameLoan loan, Runnable release) {
            super(loan, RegisteredMemory.this);
            this.release = release;
            received.add(this);
        }

        @Override
        long frame() {
            return 0;
        }

        @Override
        void forget() {
            clear();
            received.remove(this);
            receivedBytes.addAndGet(-receivedUnit);
        }

        @Override
        void giveBack() {
            forget();
            release.run();
        }
    }

    ReferenceQueue<FrameLoan> forgotten() {
        return forgotten;
    }

    /** Whose memory it is. */
    public Port port() {
        return port;
    }

    /** Bytes that one loan can have at most; 0 where there is nothing to lend. */
    public int largest() {
        return lender == null || bound == 0 ? 0 : lender.largest();
    }

    /**
     * Lends a frame to the calling thread.
     *
     * @param size bytes, from 1 to {@link #largest()}
     * @param reclaim has all device queues look for frames that have come back; called when the bound is reached
     * @return null when the bound is reached all the same, or there is nothing to lend (counted)
     */
    public @Nullable FrameLoan lend(int size, Runnable reclaim) {
        FrameLender from = lender;
        long lent = from == null ? 0 : take(from, size, reclaim);
        if (from == null || lent == 0) {
            refusals.increment();
            return null;
        }
        return new FrameLoan(from.memory().asSlice(lent, size), loan -> new Own(loan, from, lent, size));
    }

    /** The same for a holder that may be any thread, and says itself when it is done. */
    public @Nullable HeldFrame hold(int size, Runnable reclaim) {
        FrameLender from = lender;
        long lent = from == null ? 0 : take(from, size, reclaim);
        if (from == null || lent == 0) {
            refusals.increment();
            return null;
        }
        return new HeldFrame(this, from, lent, size);
    }

    private long take(FrameLender from, int size, Runnable reclaim) {
        collectForgotten();
        long frame = from.lend(size, bound);
        if (frame == 0) {
            reclaim.run();
            frame = from.lend(size, bound);
        }
        return frame;
    }

    /**
     * Makes room for one more received frame in the bound: as for a frame of the largest size, since a receiver doesn't
     * know how much of its sender's memory a payload holds. {@link #lendReceived} must follow, or {@link #dismiss}.
     *
     * @return false when there is none (counted)
     */
    public boolean admit() {
        collectForgotten();
        if (receivedBytes.addAndGet(receivedUnit) <= bound) {
            return true;
        }
        dismiss();
        receiveRefusals.increment();
        return false;
    }

    /** Takes {@link #admit()} back. */
    public void dismiss() {
        receivedBytes.addAndGet(-receivedUnit);
    }

    /**
     * Lends a received payload to the calling thread, for reading.
     *
     * @param release gives the frame back, on any thread; what it refers to keeps the payload mapped
     */
    public FrameLoan lendReceived(MemorySegment payload, Runnable release) {
        return new FrameLoan(payload.asReadOnly(), loan -> new Received(loan, release));
    }

    /** Ends the loans that the program has lost. Counted. */
    private void collectForgotten() {
        for (Reference<?> r = forgotten.poll(); r != null; r = forgotten.poll()) {
            leaks.increment();
            ((FrameLoan.Ending) r).giveBack();
        }
    }

    /** Whether a look into the registration cache can find something. */
    public boolean isInUse() {
        return everLent && !ranges.isEmpty();
    }

    /** The loan in whose memory all the remaining bytes of a buffer lie (a hit, counted), or null. */
    public @Nullable FrameLoan find(ByteBuffer buffer) {
        FrameLoan loan = buffer.isDirect() ? lookUp(buffer) : null;
        if (loan != null) {
            hits.increment();
        }
        return loan;
    }

    /** Counts a hit or a miss for a buffer that is copied in any case; a buffer on the heap is neither. */
    public void note(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            (lookUp(buffer) == null ? misses : hits).increment();
        }
    }

    private @Nullable FrameLoan lookUp(ByteBuffer buffer) {
        long address = MemorySegment.ofBuffer(buffer).address();
        Map.Entry<Long, Own> below = ranges.floorEntry(address);
        return below == null || !below.getValue().covers(address, buffer.remaining())
                ? null
                : below.getValue().get();
    }

    /** Whether a loan is one of a frame of this memory. */
    public boolean owns(FrameLoan loan) {
        return loan.isOf(this);
    }

    /** Where in the memory of a loan a buffer begins that was {@linkplain #find found} there. */
    public int startOf(FrameLoan loan, ByteBuffer buffer) {
        long base = lender == null ? 0 : lender.memory().address();
        return (int) (MemorySegment.ofBuffer(buffer).address() - base - loan.frame());
    }

    /** What was given to be sent, or asked for, by reference had to be copied. */
    public void countCopied(long bytes) {
        copied.add(bytes);
    }

    public long hits() {
        return hits.sum();
    }

    public long misses() {
        return misses.sum();
    }

    /** Frames that were not lent because the bound was reached. */
    public long refusals() {
        return refusals.sum();
    }

    /** Received frames that were copied because a bound was reached. */
    public long receiveRefusals() {
        return receiveRefusals.sum();
    }

    /** A received frame is copied because its connection has lent enough. */
    public void countReceiveRefusal() {
        receiveRefusals.increment();
    }

    /** Bytes copied although they were given, or asked for, by reference. */
    public long copied() {
        return copied.sum();
    }

    /** Loans that the program has lost, and that were ended for it. */
    public long leaks() {
        return leaks.sum();
    }

    /** Bytes of this process's frames that are on loan, or were given to a queue and are not free again. */
    public long pinned() {
        return lender == null ? 0 : lender.pinned();
    }

    /** Bytes that received frames on loan count for. */
    public long receivedPinned() {
        return receivedBytes.get();
    }

    /** Bytes that may be pinned by loans, each way. */
    public long bound() {
        return bound;
    }
}
