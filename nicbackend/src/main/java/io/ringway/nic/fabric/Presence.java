package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.nic.IpEndpoint;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What others can find of this process: its place in the directory, its listeners, the ports it claimed. Nothing is
 * there before it is needed. Any thread.
 */
final class Presence implements AutoCloseable {
    /** A directory that can't be used is not looked at again for as long as this. */
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final FabricPort port;
    private final PortBlocks portBlocks;

    /** Records by name. */
    private final Map<String, String> published = new ConcurrentHashMap<>();

    private final AtomicLong serials = new AtomicLong();
    private volatile @Nullable FabricDirectory directory;
    private volatile @Nullable Rendezvous rendezvous;
    private @Nullable IOException trouble;
    private long troubleAt;
    private boolean closed;

    /** {@code portBlocks}: the port numbers of this process, in all directories that it is in. */
    Presence(FabricPort port, PortBlocks portBlocks) {
        this.port = port;
        this.portBlocks = portBlocks;
        portBlocks.join(this);
    }

    PortBlocks portBlocks() {
        return portBlocks;
    }

    long nonce() {
        return port.nonce();
    }

    /** What stands in records of this process. */
    String owner() {
        return FabricDirectory.hex(port.nonce());
    }

    /** Something about this directory failed that no caller can be told of. */
    void note(@Nullable String what) {
        port.note(what);
    }

    /** The directory, in which others can see that this process is alive. */
    FabricDirectory attended() throws IOException {
        rendezvous();
        return made();
    }

    /** The same, or null, which is noted, where that can't be had. */
    @Nullable
    FabricDirectory attendedIfUsable() {
        try {
            return attended();
        } catch (IOException e) {
            port.note(e.getMessage());
            return null;
        }
    }

    /** The directory if there is one by now. */
    @Nullable
    FabricDirectory findDirectory() throws IOException {
        FabricDirectory known = directory;
        return known != null ? known : openDirectory(false);
    }

    private synchronized @Nullable FabricDirectory openDirectory(boolean make) throws IOException {
        if (directory == null) {
            IOException before = trouble;
            if (before != null && System.nanoTime() - troubleAt < RETRY_NANOS) {
                throw before;
            }
            try {
                directory = make
                        ? FabricDirectory.make(port.settings().directory())
                        : FabricDirectory.find(port.settings().directory());
            } catch (IOException e) {
                trouble = e;
                troubleAt = System.nanoTime();
                throw e;
            }
        }
        return directory;
    }

    /** The rendezvous, started when first needed. */
    Rendezvous rendezvous() throws IOException {
        Rendezvous known = rendezvous;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            if (closed) {
                throw new IOException("the fabric is closed");
            }
            Rendezvous started = rendezvous;
            if (started == null) {
                started = Rendezvous.start(port, made());
                rendezvous = started;
            }
            return started;
        }
    }

    private FabricDirectory made() throws IOException {
        FabricDirectory known = openDirectory(true);
        if (known == null) {
            throw new IOException("no directory");
        }
        return known;
    }

    AutoCloseable publish(IpEndpoint bound, boolean dualStack, int queue) throws IOException {
        String name = ListenerRecord.name(bound);
        String text = new ListenerRecord(port.nonce(), queue, dualStack, serials.incrementAndGet()).text();
        FabricDirectory here = attended();
        here.replace(name, text);
        published.put(name, text);
        return new Published(this, here, name, text);
    }

    /** A listener's record, as long as it stands. */
    private record Published(Presence presence, FabricDirectory directory, String name, String text)
            implements AutoCloseable {
        @Override
        public void close() {
            presence.withdraw(directory, name, text);
        }
    }

    private void withdraw(FabricDirectory here, String name, String text) {
        if (published.remove(name, text)) {
            try {
                here.removeIf(name, text);
            } catch (LinuxException e) {
                port.note(e.getMessage());
            }
        }
    }

    int claimLocalPort(IpEndpoint destination) {
        try {
            attended();
            return portBlocks.take(this, destination, System.nanoTime());
        } catch (IOException e) {
            port.note(e.getMessage());
            return 0;
        }
    }

    void releaseLocalPort(IpEndpoint destination, int number) {
        portBlocks.give(destination, number);
    }

    /** Ends the connections to a peer that is lost. */
    void part(RemotePeer peer) {
        Rendezvous running = rendezvous;
        if (running != null) {
            running.part(peer);
        }
    }

    /** Removes what the dead have left, as {@link Remains} does. */
    void sweepRemains(Set<Long> living) {
        FabricDirectory here = directory;
        if (here != null) {
            try {
                Remains.sweep(here, living, port.nonce());
            } catch (IOException e) {
                port.note("not all that dead processes left is swept from " + here.path() + ": " + e.getMessage());
            }
        }
    }

    /** Removes all that this process has in the directory. */
    void withdrawAll() {
        FabricDirectory here = directory;
        if (here == null) {
            return;
        }
        for (Map.Entry<String, String> record : published.entrySet()) {
            withdraw(here, record.getKey(), record.getValue());
        }
        portBlocks.withdraw(this);
        here.sweepSocket(port.nonce());
    }

    @Override
    public void close() {
        Rendezvous running;
        synchronized (this) {
            closed = true;
            running = rendezvous;
        }
        if (running != null) {
            running.close();
        }
        FabricDirectory here = directory;
        if (here != null) {
            here.close();
        }
    }
}
