package io.ringway.stack.tcp;

import io.ringway.memory.OutOfLine;
import io.ringway.stack.NetworkStack;
import io.ringway.stack.Readiness;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing, on the program's threads: reads are serialised by the channel's read lock, writes by its write
 * lock. Owns the stack for a moment where that needs no waiting, else leaves the rest to its owner.
 */
final class ProgramSide {
    private final TcpConnection c;
    /** A reset is told once to whoever comes first: to a read, and then to every later one, or to one write. */
    private volatile boolean resetReported;

    private volatile boolean readFailed;
    /** The last write left its bytes to the stack's owner. Under the channel's write lock. */
    private boolean handedOff;
    /** Where the count of bytes read stands for the peer to see; 0 if it can't. */
    private volatile long readPosition;
    /** What {@link #account} has seen. Owner only. */
    private long accountedCopied;

    private long accountedReferenced;

    ProgramSide(TcpConnection c) {
        this.c = c;
    }

    // ---- owner only ----

    /** Adds what was read since the last call to the owner's counters. The reading thread may be ahead of it. */
    void account(NetworkStack owner) {
        if (c.receive.queue.totalOut() != accountedCopied + accountedReferenced) {
            long copied = c.receive.queue.copied();
            long referenced = c.receive.queue.referenced();
            owner.counters().bytesCopiedOut += copied - accountedCopied;
            owner.counters().bytesByReferenceOut += referenced - accountedReferenced;
            accountedCopied = copied;
            accountedReferenced = referenced;
        }
    }

    long readPosition() {
        return readPosition;
    }

    void claimReadPosition(NetworkStack owner) {
        readPosition = owner.readPositions().claim();
    }

    /** The program reads no more. */
    void dropReadPosition(NetworkStack owner) {
        long at = readPosition;
        readPosition = 0;
        if (at != 0) {
            owner.readPositions().drop(at);
        }
    }

    /** Nobody has accepted the connection yet: should this process die, the peer sees a reset. */
    void notAccepted(NetworkStack owner) {
        if (readPosition != 0) {
            owner.readPositions().set(readPosition, ReadPositions.NOT_ACCEPTED);
        }
    }

    // ---- the program's threads ----

    void accepted() {
        noteRead();
    }

    /**
     * Reads what is there. When nothing is, polls the stack once.
     *
     * @return bytes read, 0 when nothing is there, -1 at the end of the stream
     * @throws SocketException "Connection reset", once what had arrived before it is read
     */
    int read(ByteBuffer target, @Nullable OutOfLine never) throws IOException {
        if (readFailed) {
            throw new SocketException("Connection reset");
        }
        ensureNotReadOnly(target);
        if (!target.hasRemaining()) {
            return 0;
        }
        int n = readFirst(target);
        afterRead();
        return n;
    }

    private static void ensureNotReadOnly(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    private int readFirst(ByteBuffer target) throws IOException {
        int n = c.receive.queue.read(target);
        return n == 0 ? readAfterPoll(target) : n;
    }

    void afterRead() {
        noteRead();
        if (c.receive.queue.takeFramesRead() || c.receive.updateDue()) {
            c.request(TcpConnection.UPDATE);
        }
    }

    /** Lets the peer see what is read, in case this process dies: bytes left unread make it a reset. */
    private void noteRead() {
        long at = readPosition;
        if (at != 0) {
            c.stack().readPositions().set(at, c.receive.queue.totalOut());
        }
    }

    private int readAfterPoll(ByteBuffer target) throws IOException {
        poll();
        boolean ended = c.receive.ended();
        Failure failed = c.failure();
        int n = c.receive.queue.read(target);
        return n > 0 ? n : nothing(ended, failed);
    }

    private void poll() {
        if (!c.receive.ended() && c.failure() == Failure.NONE) {
            NetworkStack s = c.tryOwn();
            if (s != null) {
                account(s);
                s.poll(s.now());
                s.disown();
            }
        }
    }

    /**
     * Bytes that can be read next in one piece. When there are none, polls the stack once.
     *
     * @return how many, 0 when nothing is there, -1 at the end of the stream
     * @throws SocketException as {@link #read}
     */
    int run() throws IOException {
        if (readFailed) {
            throw new SocketException("Connection reset");
        }
        int n = c.receive.queue.run();
        if (n > 0) {
            return n;
        }
        poll();
        boolean ended = c.receive.ended();
        Failure failed = c.failure();
        n = c.receive.queue.run();
        return n > 0 ? n : nothing(ended, failed);
    }

    /** Why nothing could be read, with what was known before the last look. */
    private int nothing(boolean ended, Failure failed) throws SocketException {
        if (failed != Failure.NONE && (readFailed || !resetReported)) {
            resetReported = true;
            readFailed = true;
            throw new SocketException("Connection reset");
        }
        return ended ? -1 : 0;
    }

    /** The same into several buffers, in order. */
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        if (readFailed) {
            throw new SocketException("Connection reset");
        }
        for (int i = offset; i < offset + length; i++) {
            ensureNotReadOnly(targets[i]);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer target = targets[i];
            if (!target.hasRemaining()) {
                continue;
            }
            int n = total == 0 ? readFirst(target) : c.receive.queue.read(target);
            if (n < 0) {
                return -1;
            }
            total += n;
            if (target.hasRemaining()) {
                break;
            }
        }
        afterRead();
        return total;
    }

    /**
     * Accepts as many bytes as there is room for and publishes what the windows allow.
     *
     * @return bytes accepted; 0 when there is no room: {@link Readiness#WRITE} comes later
     * @throws IOException "Connection reset by peer" once, then "Broken pipe"
     */
    int write(ByteBuffer source) throws IOException {
        if (!source.hasRemaining()) {
            return 0;
        }
        checkWritable();
        int n = writeOnce(source, null);
        if (source.hasRemaining() && c.send.room.afterAll() && n == 0) {
            n = writeOnce(source, null);
        }
        return n;
    }

    private int writeOnce(ByteBuffer source, @Nullable OutOfLine never) {
        NetworkStack s = c.tryOwn();
        if (s == null) {
            int n = c.send.intake.handOff(source);
            handedOff = true;
            c.request(TcpConnection.OUTPUT);
            return n;
        }
        try {
            int n = c.send.intake.write(source, s, null);
            s.queue().flush();
            return n;
        } finally {
            s.disown();
        }
    }

    /** The same from several buffers, in order. */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (!hasRemaining(sources, offset, length)) {
            return 0;
        }
        checkWritable();
        long n = writeOnce(sources, offset, length, null);
        if (hasRemaining(sources, offset, length) && c.send.room.afterAll() && n == 0) {
            n = writeOnce(sources, offset, length, null);
        }
        return n;
    }

    private static boolean hasRemaining(ByteBuffer[] sources, int offset, int length) {
        for (int i = offset + length - 1; i >= offset; i--) {
            if (sources[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private long writeOnce(ByteBuffer[] sources, int offset, int length, @Nullable OutOfLine never) {
        NetworkStack s = c.tryOwn();
        if (s == null) {
            long total = 0;
            for (int i = offset; i < offset + length; i++) {
                total += c.send.intake.handOff(sources[i]);
                if (sources[i].hasRemaining()) {
                    break;
                }
            }
            handedOff = true;
            c.request(TcpConnection.OUTPUT);
            return total;
        }
        try {
            long total = c.send.intake.write(sources, offset, length, s);
            s.queue().flush();
            return total;
        } finally {
            s.disown();
        }
    }

    /**
     * Whether the owner of the stack has been through with what was left to it: it is published then, as far as windows
     * and ring allow, and survives this process. Looks at once, and becomes the owner if there is none.
     */
    boolean isHandedOver() {
        if (handedOff) {
            NetworkStack s = c.tryOwn();
            if (s == null) {
                return false;
            }
            s.disown();
            handedOff = false;
        }
        return true;
    }

    /** What a write that has something to write would say of a connection that failed, without one. Write lock held. */
    void checkWritable() throws IOException {
        if (c.failure() == Failure.NONE && c.state() != TcpState.CLOSED) {
            return;
        }
        if (c.failure() == Failure.RESET && !resetReported) {
            resetReported = true;
            throw new IOException("Connection reset by peer");
        }
        throw new IOException("Broken pipe");
    }
}
