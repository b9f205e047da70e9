package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import io.ringway.linux.Platform;
import io.ringway.linux.Poller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** This process's socket in the directory, its connections, and the thread that sleeps until one has something to say. */
final class StreamLoop implements Runnable, AutoCloseable {
    private static final long ENDING_PAUSE = 1_000_000L;
    private static final int BACKLOG = 1024;
    private static final int CLOSE_MILLIS = 1000;

    /** Called on the loop's thread. */
    interface Listener extends PeerStream.Messages {
        /** The connection has ended and is closed. */
        void onEnd(PeerStream stream);
    }

    private final LocalSocket socket;
    private final EventFd wake;
    private final Listener listener;
    private final FabricPort port;
    private final Thread thread;
    private final List<PeerStream> fresh = new ArrayList<>();
    private volatile boolean closed;
    private volatile boolean ending;

    /** The thread's own. */
    private final List<PeerStream> streams = new ArrayList<>();

    StreamLoop(FabricDirectory directory, Listener listener, FabricPort port) throws LinuxException {
        this.listener = listener;
        this.port = port;
        // The socket last: what fails later would leave its file.
        this.wake = EventFd.create();
        try {
            this.socket = directory.listen(port.nonce(), BACKLOG);
        } catch (LinuxException e) {
            wake.close();
            throw e;
        }
        this.thread = thread("ringway-rendezvous", this);
    }

    /** A daemon that keeps nothing of the program's alive. */
    static Thread thread(String name, Runnable task) {
        Thread made = new Thread(null, task, name, 0, false);
        made.setDaemon(true);
        made.setContextClassLoader(null);
        return made;
    }

    void start() {
        thread.start();
    }

    /** Reads from a connection from now on. Any thread. */
    void attend(PeerStream stream) {
        synchronized (fresh) {
            fresh.add(stream);
        }
        wake();
    }

    /** Looks at all connections, doomed ones for instance. Any thread. */
    void wake() {
        wake.signal();
    }

    /** The thread's. */
    @Override
    public void run() {
        Poller poller = new Poller();
        int[] descriptors = new int[16];
        boolean[] ready = new boolean[16];
        while (!closed) {
            try {
                int n = streams.size() + 2;
                if (n > descriptors.length) {
                    descriptors = new int[2 * n];
                    ready = new boolean[2 * n];
                }
                descriptors[0] = wake.descriptor();
                descriptors[1] = socket.descriptor();
                for (int i = 2; i < n; i++) {
                    descriptors[i] = streams.get(i - 2).socket().descriptor();
                }
                if (poller.poll(descriptors, n, ending ? 0 : -1, ready) == 0) {
                    LockSupport.parkNanos(ENDING_PAUSE);
                } else {
                    serve(n, ready);
                }
            } catch (LinuxException | RuntimeException e) {
                port.note("rendezvous: " + e);
                pauseAfterTrouble();
            }
        }
        for (PeerStream stream : streams) {
            stream.close();
        }
    }

    /**
     * The process is about to end, and the loop goes on without sleeping in the kernel: a JVM gives threads that are
     * there 300 ms to come back before it exits. Any thread.
     */
    void ending() {
        ending = true;
        wake();
    }

    /** So that trouble that stays doesn't use up a processor. */
    private static void pauseAfterTrouble() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(int n, boolean[] ready) throws LinuxException {
        for (int i = n - 1; i >= 2; i--) {
            PeerStream stream = streams.get(i - 2);
            if (stream.isDoomed() || ready[i] && !stream.read(listener)) {
                streams.remove(i - 2);
                stream.close();
                listener.onEnd(stream);
            }
        }
        if (ready[0]) {
            wake.clear();
            synchronized (fresh) {
                streams.addAll(fresh);
                fresh.clear();
            }
        }
        if (ready[1]) {
            accept();
        }
    }

    private void accept() throws LinuxException {
        for (LocalSocket next = socket.accept(); next != null; next = socket.accept()) {
            if (next.peerCredentials().uid() == Platform.userId()) {
                streams.add(new PeerStream(next, 0));
            } else {
                next.close();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        wake.close();
    }
}
