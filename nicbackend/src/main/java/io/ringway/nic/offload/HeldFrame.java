package io.ringway.nic.offload;

import io.ringway.nic.FrameLender;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A frame as the memory of a buffer that counts its references itself, and that any thread may use (M12). It can be sent
 * once, and still be read afterwards: it is lent anew only when the buffer's last reference is gone and its readers have
 * released what was sent. Any thread; {@link #release} is for the last reference.
 */
public final class HeldFrame implements OutgoingFrame {
    private static final int HELD = 0;
    private static final int SENT = 1;
    private static final int RELEASED = 2;
    private static final VarHandle STATE = state();

    private final RegisteredMemory memory;
    private final FrameLender from;
    private final long frame;
    private final ByteBuffer buffer;
    private final long address;
    private volatile int state = HELD;

    HeldFrame(RegisteredMemory memory, FrameLender from, long frame, int size) {
        MemorySegment part = from.memory().asSlice(frame, size);
        this.memory = memory;
        this.from = from;
        this.frame = frame;
        this.buffer = part.asByteBuffer();
        this.address = part.address();
    }

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(HeldFrame.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whose memory it is. */
    public RegisteredMemory memory() {
        return memory;
    }

    /** All of it; always the same object. It stays mapped as long as that is reachable. */
    public ByteBuffer buffer() {
        return buffer;
    }

    public long address() {
        return address;
    }

    /** Whether all the remaining bytes of a buffer lie in it. */
    public boolean covers(ByteBuffer bytes) {
        long start = MemorySegment.ofBuffer(bytes).address() - address;
        return start >= 0 && start <= buffer.capacity() - bytes.remaining();
    }

    /** Where in it a buffer begins that it {@linkplain #covers}. */
    public int startOf(ByteBuffer bytes) {
        return (int) (MemorySegment.ofBuffer(bytes).address() - address);
    }

    /** Whether it can still be sent: not yet sent or released. */
    public boolean isSendable() {
        return state == HELD;
    }

    /** {@inheritDoc} It stays with its holder too. */
    @Override
    public long handOver() {
        from.hold(frame);
        if (STATE.compareAndSet(this, HELD, SENT)) {
            return frame;
        }
        from.drop(frame);
        return 0;
    }

    /** The holder uses the memory no longer. Does nothing the second time. */
    public void release() {
        int before = (int) STATE.getAndSet(this, RELEASED);
        if (before == HELD) {
            from.takeBack(frame);
        } else if (before == SENT) {
            from.drop(frame);
        }
    }
}
