package io.ringway.nio;

import io.ringway.RegisteredBuffer;
import io.ringway.nic.offload.FrameLoan;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A buffer in the program's hands: a frame on loan, or ordinary memory. The thread that it was lent to. */
final class LentBuffer implements RegisteredBuffer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final @Nullable FrameLoan loan;
    private final ByteBuffer bytes;
    private final boolean end;
    private boolean over;

    private LentBuffer(@Nullable FrameLoan loan, ByteBuffer bytes, boolean end) {
        this.loan = loan;
        this.bytes = bytes;
        this.end = end;
    }

    static LentBuffer of(FrameLoan loan) {
        return new LentBuffer(loan, loan.buffer(), false);
    }

    /** A part of the loan's memory, which is to be sent. */
    static LentBuffer of(FrameLoan loan, ByteBuffer part) {
        return new LentBuffer(loan, part, false);
    }

    static LentBuffer ofOrdinary(ByteBuffer memory) {
        return new LentBuffer(null, memory, false);
    }

    static LentBuffer endOfStream() {
        return new LentBuffer(null, NOTHING, true);
    }

    /** The frame, or null where it is ordinary memory. */
    @Nullable
    FrameLoan loan() {
        return loan;
    }

    boolean isOver() {
        FrameLoan l = loan;
        return l == null ? over : l.isEnded();
    }

    @Override
    public ByteBuffer buffer() {
        if (isOver()) {
            throw new IllegalStateException("the buffer was sent or released");
        }
        return bytes;
    }

    @Override
    public boolean isByReference() {
        return loan != null;
    }

    @Override
    public boolean isEndOfStream() {
        return end;
    }

    @Override
    public void release() {
        FrameLoan l = loan;
        if (l != null) {
            l.release();
        }
        over = true;
    }
}
