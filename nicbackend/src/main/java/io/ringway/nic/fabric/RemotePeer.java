package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.linux.ProcessState;
import io.ringway.linux.SharedMemory;
import io.ringway.memory.Words;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Another process. Any thread. */
final class RemotePeer extends FabricPeer {
    private final long nonce;
    private final int pid;
    private final SharedMemory mapping;
    private final long ourPair;
    private final int version;
    private final Doorbells doorbells = new Doorbells();
    private final List<PeerStream> streams = new CopyOnWriteArrayList<>();

    /**
     * @param pid the process as this one sees it, 0 where it doesn't; the hello tells how it sees itself
     */
    RemotePeer(FabricPort port, Hello hello, int pid, int version, SharedMemory mapping, long ourPair) {
        super(
                port,
                FabricPeer.describe(hello.name(), hello.pid()),
                new Words(mapping.segment()),
                ourPair,
                hello.pair());
        this.nonce = hello.nonce();
        this.pid = pid;
        this.mapping = mapping;
        this.ourPair = ourPair;
        this.version = version;
    }

    @Override
    public boolean stopped() {
        return ProcessState.stopped(pid);
    }

    long nonce() {
        return nonce;
    }

    int pid() {
        return pid;
    }

    /** The wire version that both speak. */
    int version() {
        return version;
    }

    SharedMemory mapping() {
        return mapping;
    }

    long ourPair() {
        return ourPair;
    }

    Doorbells doorbells() {
        return doorbells;
    }

    @Override
    void ring(int queue) {
        try {
            doorbells.ring(queue, stream());
        } catch (LinuxException e) {
            port().lose(this, "can't be rung: " + e.getMessage());
        }
    }

    @Override
    void prepareToRing(int queue) {
        try {
            doorbells.request(queue, stream());
        } catch (LinuxException e) {
            port().lose(this, "can't be asked for a doorbell: " + e.getMessage());
        }
    }

    /** A connection to the peer on which both have said hello. */
    void addStream(PeerStream stream) throws LinuxException {
        streams.add(stream);
        if (isGone()) {
            stream.doom();
        }
        doorbells.connected(stream);
    }

    void doomStreams() {
        streams.forEach(PeerStream::doom);
    }

    /** The connection to send news on, or null while there is none. */
    @Nullable
    PeerStream stream() {
        return streams.isEmpty() ? null : streams.getFirst();
    }
}
