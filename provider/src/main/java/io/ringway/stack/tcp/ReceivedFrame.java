package io.ringway.stack.tcp;

import io.ringway.nic.Peer;
import io.ringway.stack.NetworkStack;
import java.lang.foreign.MemorySegment;

/**
 * A received payload that the program reads where it is (M12). Where the sender is another process, it may change under
 * the reader. As long as this object is reachable, the payload stays mapped: also after the end of the connection, of the
 * peer, and of the stack's interest.
 */
public final class ReceivedFrame implements Runnable {
    private final TcpConnection c;
    private final NetworkStack origin;
    private final MemorySegment payload;
    private final long frame;

    /** Its memory is mapped as long as it is reachable. */
    @SuppressWarnings("unused")
    private final Peer sender;

    ReceivedFrame(TcpConnection c, NetworkStack origin, MemorySegment memory, long offset, int length, long frame) {
        this.c = c;
        this.origin = origin;
        this.payload = memory.asSlice(offset, length);
        this.frame = frame;
        this.sender = c.link().peer();
        c.receive.lent(length);
    }

    /** Where it is. */
    public MemorySegment payload() {
        return payload;
    }

    int length() {
        return (int) payload.byteSize();
    }

    /** Gives the frame back to its sender. Once; any thread that owns no stack. */
    @Override
    public void run() {
        c.receive.lent(-length());
        origin.submit(stack -> {
            stack.queue().release(frame);
            if (c.stack() == stack) {
                c.program.account(stack);
            }
        });
        if (c.receive.updateDue()) {
            c.request(TcpConnection.UPDATE);
        }
    }
}
