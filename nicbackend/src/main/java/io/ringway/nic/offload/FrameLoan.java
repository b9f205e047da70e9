package io.ringway.nic.offload;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * Frame memory in the program's hands (M12), as a byte buffer that ends with the loan: afterwards every access to it, or
 * to a slice or duplicate of it, is an IllegalStateException. The buffer belongs to the thread that made the loan; on
 * any other thread, access is a WrongThreadException, and so is ending the loan.
 *
 * <p>As long as the loan or such a buffer is reachable, the memory stays mapped. A loan that is forgotten is ended by its
 * {@link RegisteredMemory}.
 */
public final class FrameLoan implements OutgoingFrame {
    private final Arena arena = Arena.ofConfined();
    private final Ending ending;
    private final ByteBuffer buffer;
    private boolean ended;

    /** What is to be done when the loan ends; refers to the loan weakly, and to what must stay mapped. */
    abstract static class Ending extends WeakReference<FrameLoan> {
        Ending(FrameLoan loan, RegisteredMemory memory) {
            super(loan, memory.forgotten());
        }

        /** The frame, an offset in this process's memory; 0 for one of a peer's. */
        abstract long frame();

        /** Whether it is a frame that this memory has lent for filling. */
        abstract boolean isOf(RegisteredMemory memory);

        /** The loan ends, and the frame is in other hands. Once. */
        abstract void forget();

        /** The loan ends, and the frame goes back. Once. */
        abstract void giveBack();
    }

    /** Makes what a new loan ends with. */
    @FunctionalInterface
    interface Terms {
        Ending of(FrameLoan loan);
    }

    /** Lends {@code part} of mapped memory to the calling thread. */
    FrameLoan(MemorySegment part, Terms terms) {
        // The memory refers to the loan by this, so that who has a slice of the buffer only keeps the loan too.
        MemorySegment mine = part.reinterpret(arena, closed -> ended = true);
        buffer = mine.asByteBuffer();
        ending = terms.of(this);
    }

    /**
     * The memory.
     *
     * @throws IllegalStateException when the loan has ended
     */
    public ByteBuffer buffer() {
        ensureRunning();
        return buffer;
    }

    /** The frame: an offset in this process's memory, 0 for one of a peer's. */
    long frame() {
        return ending.frame();
    }

    boolean isOf(RegisteredMemory memory) {
        return ending.isOf(memory);
    }

    public boolean isEnded() {
        return ended;
    }

    private void ensureRunning() {
        if (ended) {
            throw new IllegalStateException("the buffer was sent or released");
        }
    }

    /**
     * Ends the loan, for a queue that takes the frame over.
     *
     * @return the frame
     * @throws IllegalStateException when the loan has ended
     * @throws WrongThreadException on any other thread than that of the loan
     */
    @Override
    public long handOver() {
        ensureRunning();
        arena.close();
        ending.forget();
        // Or else it might be found forgotten meanwhile.
        Reference.reachabilityFence(this);
        return ending.frame();
    }

    /**
     * Ends the loan and gives the frame back; does nothing when the loan has ended.
     *
     * @throws WrongThreadException on any other thread than that of the loan
     */
    public void release() {
        if (!ended) {
            arena.close();
            ending.giveBack();
            Reference.reachabilityFence(this);
        }
    }
}
