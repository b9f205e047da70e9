package io.ringway.stack.tcp;

import io.ringway.nic.offload.OutgoingFrame;
import io.ringway.stack.NetworkStack;
import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** Payloads that pass between a connection and its program in their frames, uncopied (M12). The program's threads. */
public final class ByReference {
    /** Another thread owns the stack at the moment, or the frame can't be had. */
    public static final int NOT_NOW = -1;

    private ByReference() {}

    /**
     * Sends {@code length} bytes of a frame, which changes hands with that. Under the channel's write lock.
     *
     * @param from where in the frame they start
     * @return {@code length}; 0 when there is no room, as for a write; or {@link #NOT_NOW}: the frame stays where it is then
     * @throws IOException as a write
     */
    public static int write(TcpConnection c, OutgoingFrame frame, int from, int length) throws IOException {
        c.program.checkWritable();
        int n = writeOnce(c, frame, from, length);
        return n == 0 && c.send.room.afterAll() ? writeOnce(c, frame, from, length) : n;
    }

    private static int writeOnce(TcpConnection c, OutgoingFrame frame, int from, int length) {
        NetworkStack s = c.tryOwn();
        if (s == null) {
            return NOT_NOW;
        }
        try {
            int n = c.send.intake.writeFrame(frame, from, length, s);
            s.queue().flush();
            return n;
        } finally {
            s.disown();
        }
    }

    /**
     * Bytes that can be read next in one piece. When there are none, polls the stack once. Under the channel's read lock.
     *
     * @return how many, 0 when nothing is there, -1 at the end of the stream
     * @throws SocketException "Connection reset", once what had arrived before it is read
     */
    public static int run(TcpConnection c) throws IOException {
        return c.program.run();
    }

    /**
     * Whether a connection may lend {@code length} more bytes: what is on loan counts as in its receive buffer, and must
     * leave its peer room to send. Under the channel's read lock.
     */
    public static boolean mayLend(TcpConnection c, int length) {
        return c.receive.lent() + length <= c.settings().sendBuffer() / 2;
    }

    /** Takes what {@link #run} told of in its frame; null where it is in no frame. Under the channel's read lock. */
    public static @Nullable ReceivedFrame lend(TcpConnection c) {
        ReceivedFrame lent = c.receive.queue.lend(c);
        if (lent != null) {
            c.program.afterRead();
        }
        return lent;
    }
}
