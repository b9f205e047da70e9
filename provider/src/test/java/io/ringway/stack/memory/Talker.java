package io.ringway.stack.memory;

import io.ringway.stack.Readiness;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A thread that writes, and one that reads, at one end of a connection; both sleep until the connection tells them. */
public final class Talker {
    private final TcpConnection c;
    private final int salt;
    private final int otherSalt;
    private final long toSend;
    private final long toReceive;
    private final int largestPiece;
    private final long seed;
    private final boolean mayFail;
    private final Thread writer = new Thread(this::write, "writer");
    private final Thread reader = new Thread(this::read, "reader");
    private volatile long sent;
    private volatile long received;
    private volatile boolean abandoned;
    private volatile Throwable failure;

    public Talker(
            TcpConnection c, int salt, long toSend, long toReceive, int largestPiece, long seed, boolean mayFail) {
        this.c = c;
        this.salt = salt;
        otherSalt = salt ^ 1;
        this.toSend = toSend;
        this.toReceive = toReceive;
        this.largestPiece = largestPiece;
        this.seed = seed;
        this.mayFail = mayFail;
        writer.setDaemon(true);
        reader.setDaemon(true);
        c.observer(() -> {
            LockSupport.unpark(writer);
            LockSupport.unpark(reader);
        });
    }

    public void start() {
        writer.start();
        reader.start();
    }

    public TcpConnection connection() {
        return c;
    }

    /** Waits for the end of both threads, closes the connection, and fails if one of them failed. */
    public void finish() throws InterruptedException {
        writer.join();
        reader.join();
        c.close();
        if (failure != null) {
            throw new AssertionError(toString(), failure);
        }
    }

    /** Aborts the connection. What its reader finds at that very moment may be anything. */
    public void abandon() {
        abandoned = true;
        c.abort();
    }

    private void sleepUntil(int operation) {
        while ((c.readiness() & operation) == 0) {
            LockSupport.park(this);
        }
    }

    private void write() {
        Random random = new Random(seed);
        ByteBuffer b = ByteBuffer.allocateDirect(largestPiece);
        try {
            while (sent < toSend) {
                b.clear().limit((int) Math.min(1 + random.nextInt(largestPiece), toSend - sent));
                for (int i = 0; i < b.limit(); i++) {
                    b.put(i, Program.at(sent + i, salt));
                }
                while (b.hasRemaining()) {
                    int n = c.write(b);
                    sent += n;
                    if (n == 0) {
                        sleepUntil(Readiness.WRITE);
                    }
                }
            }
            c.shutdownOutput();
        } catch (IOException e) {
            failed(e);
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void read() {
        Random random = new Random(seed + 1);
        ByteBuffer b = ByteBuffer.allocateDirect(largestPiece);
        try {
            while (true) {
                b.clear().limit(1 + random.nextInt(largestPiece));
                int n = c.read(b);
                if (n < 0) {
                    break;
                }
                if (n == 0) {
                    sleepUntil(Readiness.READ);
                }
                for (int i = 0; i < n; i++) {
                    if (b.get(i) != Program.at(received + i, otherSalt)) {
                        if (abandoned) {
                            return;
                        }
                        throw new AssertionError("byte " + (received + i) + " is " + b.get(i));
                    }
                }
                received += n;
            }
            if (received != toReceive && !mayFail) {
                throw new AssertionError("end of the stream after " + received);
            }
        } catch (IOException e) {
            failed(e);
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void failed(IOException e) {
        if (!mayFail) {
            failure = e;
        }
    }

    @Override
    public String toString() {
        return c + " sent " + sent + "/" + toSend + " received " + received + "/" + toReceive;
    }
}
