package io.ringway.stack.memory;

import io.ringway.stack.Readiness;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A program at one end of a connection: sends a number of bytes that follow from their positions, and expects a number
 * from the other end. It acts when it is told, like a program under a selector, and in pieces of random sizes.
 */
public final class Program {
    private final TcpConnection c;
    private final Random random;
    private final long toSend;
    private final long toReceive;
    private final int salt;
    private final int otherSalt;
    private final int largestPiece;
    private long sent;
    private long received;
    private boolean outputDone;
    private boolean inputDone;
    private boolean closed;
    private volatile boolean told = true;
    /** Bytes that are read at most per call of {@link #act}; a slow reader has a small number. */
    private int piecesPerAct = Integer.MAX_VALUE;

    private long readAllowance = Long.MAX_VALUE;

    public Program(TcpConnection c, int salt, int otherSalt, long toSend, long toReceive, int largestPiece, long seed) {
        this.c = c;
        this.salt = salt;
        this.otherSalt = otherSalt;
        this.toSend = toSend;
        this.toReceive = toReceive;
        this.largestPiece = largestPiece;
        random = new Random(seed ^ salt);
        c.observer(() -> told = true);
    }

    public static byte at(long position, int salt) {
        long x = (position + salt) * 0x9e37_79b9_7f4a_7c15L;
        return (byte) (x >>> 56);
    }

    public long received() {
        return received;
    }

    public long sent() {
        return sent;
    }

    public TcpConnection connection() {
        return c;
    }

    public boolean isTold() {
        return told && !closed;
    }

    public boolean isDone() {
        return closed;
    }

    /** Bounds what one call of {@link #act} does. */
    public void piecesPerAct(int pieces) {
        piecesPerAct = pieces;
    }

    public void readAllowance(long bytes) {
        readAllowance = bytes;
        told = true;
    }

    /** Does what it can, if it was told that there may be something; true if it did anything. */
    public boolean act() {
        if (!told || closed) {
            return false;
        }
        told = false;
        boolean acted = false;
        boolean progress = true;
        try {
            for (int i = 0; progress; i++) {
                if (i == piecesPerAct) {
                    told = true;
                    return true;
                }
                progress = random.nextBoolean() ? read() | write() : write() | read();
                acted |= progress;
            }
        } catch (IOException e) {
            throw new AssertionError(this + ": " + e.getMessage(), e);
        }
        if (outputDone && inputDone) {
            closed = true;
            c.close();
            acted = true;
        }
        return acted;
    }

    private int piece() {
        return random.nextInt(4) == 0
                ? 1 + random.nextInt(Math.min(100, largestPiece))
                : 1 + random.nextInt(largestPiece);
    }

    private boolean write() throws IOException {
        if (outputDone) {
            return false;
        }
        if (sent == toSend) {
            outputDone = true;
            c.shutdownOutput();
            return true;
        }
        int n = (int) Math.min(piece(), toSend - sent);
        ByteBuffer source = random.nextBoolean() ? ByteBuffer.allocate(n) : ByteBuffer.allocateDirect(n);
        for (int i = 0; i < n; i++) {
            source.put(i, at(sent + i, salt));
        }
        long accepted;
        if (n > 10 && random.nextInt(3) == 0) {
            int cut = random.nextInt(n);
            ByteBuffer[] parts = {source.slice(0, cut), ByteBuffer.allocate(0), source.slice(cut, n - cut)};
            accepted = c.write(parts, 0, 3);
            check(accepted == parts[0].position() + parts[2].position(), "count of a gathering write");
        } else {
            accepted = c.write(source);
            check(accepted == source.position(), "count of a write");
        }
        sent += accepted;
        return accepted > 0;
    }

    private boolean read() throws IOException {
        if (inputDone || readAllowance <= 0 || (c.readiness() & Readiness.READ) == 0) {
            return false;
        }
        int n = (int) Math.min(piece(), readAllowance);
        ByteBuffer target = random.nextBoolean() ? ByteBuffer.allocate(n) : ByteBuffer.allocateDirect(n);
        long count;
        if (n > 10 && random.nextInt(3) == 0) {
            int cut = random.nextInt(n);
            ByteBuffer[] parts = {target.slice(0, cut), target.slice(cut, n - cut)};
            count = c.read(parts, 0, 2);
        } else {
            count = c.read(target);
        }
        if (count < 0) {
            inputDone = true;
            check(received == toReceive, "end of the stream after " + received + " of " + toReceive);
            return true;
        }
        for (int i = 0; i < count; i++) {
            check(target.get(i) == at(received + i, otherSalt), "byte " + (received + i));
        }
        received += count;
        readAllowance -= count;
        check(received <= toReceive, "more bytes than were sent");
        return count > 0;
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(this + ": " + what);
        }
    }

    @Override
    public String toString() {
        return c + " sent " + sent + "/" + toSend + " received " + received + "/" + toReceive + " told " + told;
    }
}
