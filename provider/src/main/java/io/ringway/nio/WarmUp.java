package io.ringway.nio;

import io.ringway.nic.fabric.FabricPort;
import io.ringway.nic.fabric.Mirror;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs the way that messages take over connections from this process to itself, so that the JVM has loaded and compiled
 * it when the program's first messages come. Once for each of server and client in a process, in a thread of its own, after
 * the first TCP bind or connect; ends by itself.
 *
 * <p>A server has time before its first connection. Compiled code is thrown away when it meets what has never happened, so
 * all that does on a real connection happens here: guests come and go, over each come connections, of all kinds of
 * conversation. First some at once, which is as much as is of use if a client starts now; later, in parts between which
 * the compiler has its time, the rest. It is over when the first real guest comes.
 */
final class WarmUp implements Runnable {
    /** A program that connects to itself at once is not disturbed. */
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(3);

    private static final int FIRST_GUESTS = 4;
    private static final int FIRST_CONNECTIONS = 5;
    private static final int FIRST_ROUNDS = 60;

    private static final long REST = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LATER_GUESTS = 6;
    private static final int LATER_CONNECTIONS = 10;
    private static final int LATER_ROUNDS = 150;

    /** One connection in this many comes from the process itself. */
    private static final int SELF_EVERY = 3;

    /** With more, the compiler has so much to do that the program waits for it. */
    private static final int CLIENT_ROUNDS = 100;

    private final Datapath datapath;
    private final SelectorProvider provider;
    private final boolean server;

    private long end;

    private WarmUp(Datapath datapath, SelectorProvider provider, boolean server) {
        this.datapath = datapath;
        this.provider = provider;
        this.server = server;
    }

    /** For a server, which has time before its first connection. */
    static void forServer(Datapath datapath, SelectorProvider provider) {
        start(new WarmUp(datapath, provider, true));
    }

    /** For a client, which has none: few rounds, at once, beside its first connect, on another processor if there is one. */
    static void forClient(Datapath datapath, SelectorProvider provider) {
        start(new WarmUp(datapath, provider, false));
    }

    private static void start(WarmUp warmUp) {
        Thread thread = new Thread(null, warmUp, "ringway-warm-up", 0, false);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No thread is to be had: the program's first messages come to code that isn't compiled.
            warmUp.datapath.trouble("warming up", e);
        }
    }

    @Override
    public void run() {
        end = System.nanoTime() + LONGEST;
        try {
            if (server) {
                runServer();
            } else {
                runClient();
            }
        } catch (IOException | RuntimeException e) {
            datapath.trouble("warming up", e);
        }
    }

    private void runClient() throws IOException {
        try (WarmUpPair pair = new WarmUpPair(datapath, provider, end)) {
            pair.talk(datapath.port().routeTo(pair.target()), CLIENT_ROUNDS);
        }
    }

    private void runServer() throws IOException {
        LockSupport.parkNanos(DELAY);
        loadLocks();
        Mirror mirror = Mirror.of(datapath.fabrics().getFirst());
        guests(mirror, 0, FIRST_GUESTS, FIRST_CONNECTIONS, FIRST_ROUNDS);
        if (Runtime.getRuntime().availableProcessors() > 1) {
            LockSupport.parkNanos(REST);
            guests(mirror, PAUSE, LATER_GUESTS, LATER_CONNECTIONS, LATER_ROUNDS);
        }
    }

    private void guests(Mirror mirror, long pause, int guests, int connections, int rounds) throws IOException {
        if (isOver()) {
            return;
        }
        try (WarmUpPair pair = new WarmUpPair(datapath, provider, end)) {
            pair.accompany();
            for (int i = 0; i < guests && !isOver(); i++) {
                LockSupport.parkNanos(pause);
                guest(mirror, pair, connections, rounds);
            }
        }
    }

    /** Whoever makes the first lock of some kind, the management bean for instance, has all compiled code that locks thrown away. */
    private static void loadLocks() {
        for (Lock lock : List.of(new ReentrantLock(true), new ReentrantReadWriteLock(true).writeLock())) {
            lock.lock();
            lock.unlock();
        }
    }

    private boolean isOver() {
        boolean alone = true;
        for (FabricPort fabric : datapath.fabrics()) {
            alone &= fabric.isAlone();
        }
        return !alone || System.nanoTime() - end >= 0;
    }

    private void guest(Mirror mirror, WarmUpPair pair, int connections, int rounds) throws IOException {
        try (Mirror.Guest guest = mirror.join()) {
            for (int i = 0; i < connections && !isOver(); i++) {
                boolean self = i % SELF_EVERY == SELF_EVERY - 1;
                pair.talk(self ? datapath.port().routeTo(pair.target()) : guest.routeTo(pair.target()), rounds);
            }
        }
    }
}
