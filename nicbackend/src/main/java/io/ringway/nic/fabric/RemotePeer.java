package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.linux.ProcessState;
import io.ringway.linux.SharedMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Another process. Any thread. */
final class RemotePeer extends FabricPeer {
    private final long nonce;
    private final int pid;
    private final SharedMemory mapping;
    private final long ourPair;
    private final int version;
    private final Map<Integer, EventFd> bells = new ConcurrentHashMap<>();
    private final List<PeerStream> streams = new CopyOnWriteArrayList<>();
    private final Set<Integer> ringLater = new HashSet<>();

    /**
     * @param pid the process as this one sees it, 0 where it doesn't; the hello tells how it sees itself
     */
    RemotePeer(FabricPort port, Hello hello, int pid, int version, SharedMemory mapping, long ourPair) {
        super(
                port,
                FabricPeer.describe(hello.name(), hello.pid()),
                mapping.segment(),
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

    @Override
    void ring(int queue) {
        EventFd bell = bells.get(queue);
        if (bell == null) {
            synchronized (ringLater) {
                bell = bells.get(queue);
                if (bell == null) {
                    if (ringLater.size() < Layout.QUEUES) {
                        ringLater.add(queue);
                    }
                    return;
                }
            }
        }
        bell.signal();
    }

    /** The peer announced a queue; takes over the descriptor. */
    void addBell(int queue, int descriptor) {
        EventFd bell = EventFd.of(descriptor);
        boolean late;
        synchronized (ringLater) {
            if (isGone() || bells.size() >= Layout.QUEUES || bells.putIfAbsent(queue, bell) != null) {
                bell.close();
                return;
            }
            late = ringLater.remove(queue);
        }
        if (late) {
            bell.signal();
        }
    }

    void removeBell(int queue) {
        EventFd bell = bells.remove(queue);
        if (bell != null) {
            bell.close();
        }
    }

    void closeBells() {
        synchronized (ringLater) {
            bells.keySet().forEach(this::removeBell);
        }
    }

    /** A connection to the peer on which both have said hello. */
    void addStream(PeerStream stream) {
        streams.add(stream);
        if (isGone()) {
            stream.doom();
        }
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
