package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The doorbells of one peer's queues, asked for when they are needed for the first time: most queues of most peers never
 * talk to each other. Any thread.
 */
final class Doorbells {
    private final Map<Integer, EventFd> bells = new ConcurrentHashMap<>();
    private final Set<Integer> requested = new HashSet<>();
    private final Set<Integer> toRequest = new HashSet<>();
    private final Set<Integer> toRing = new HashSet<>();

    /** Bells that this process could not take: it had as many descriptors as it may have. */
    private final Set<Integer> lost = new HashSet<>();

    /** This process's queues that the peer has the doorbells of. */
    private final Set<Integer> given = ConcurrentHashMap.newKeySet();

    private boolean closed;

    /** Rings, or sees to it that the bell is rung when it comes. */
    void ring(int queue, @Nullable PeerStream stream) throws LinuxException {
        EventFd bell = bells.get(queue);
        if (bell == null) {
            request(queue, stream);
            PeerStream messenger = null;
            synchronized (this) {
                bell = bells.get(queue);
                if (bell == null && stream != null && lost.contains(queue)) {
                    messenger = stream;
                } else if (bell == null) {
                    toRing.add(queue);
                }
            }
            if (messenger != null) {
                sendRing(queue, messenger);
            }
            if (bell == null) {
                return;
            }
        }
        bell.signal();
    }

    private static void sendRing(int queue, PeerStream stream) throws LinuxException {
        stream.send(PeerStream.message(PeerStream.QUEUE_RING, 4).putInt(queue));
    }

    /** A bell has come without its descriptor: the peer rings it, and with every time it is asked for again. */
    void lost(int queue, PeerStream stream) throws LinuxException {
        boolean late;
        synchronized (this) {
            if (closed || !requested.remove(queue)) {
                return;
            }
            lost.add(queue);
            late = toRing.remove(queue);
        }
        if (late) {
            sendRing(queue, stream);
        }
    }

    /** Asks for a bell that will be needed, once. */
    void request(int queue, @Nullable PeerStream stream) throws LinuxException {
        synchronized (this) {
            if (closed || requested.size() >= Layout.RINGS || !requested.add(queue)) {
                return;
            }
            if (stream == null) {
                toRequest.add(queue);
                return;
            }
        }
        stream.send(PeerStream.message(PeerStream.QUEUE_REQUEST, 4).putInt(queue));
    }

    /** Asks for the bells that were wanted before there was a connection. */
    void connected(PeerStream stream) throws LinuxException {
        Set<Integer> queues;
        synchronized (this) {
            queues = Set.copyOf(toRequest);
            toRequest.clear();
        }
        for (int queue : queues) {
            stream.send(PeerStream.message(PeerStream.QUEUE_REQUEST, 4).putInt(queue));
        }
    }

    /** A bell has come; takes over the descriptor. */
    void add(int queue, int descriptor) {
        EventFd bell = EventFd.of(descriptor);
        boolean late;
        synchronized (this) {
            if (closed || !requested.contains(queue) || bells.putIfAbsent(queue, bell) != null) {
                bell.close();
                return;
            }
            late = toRing.remove(queue);
            lost.remove(queue);
        }
        if (late) {
            bell.signal();
        }
    }

    /** The peer has closed a queue. */
    synchronized void remove(int queue) {
        EventFd bell = bells.remove(queue);
        requested.remove(queue);
        toRing.remove(queue);
        lost.remove(queue);
        if (bell != null) {
            bell.close();
        }
    }

    synchronized void close() {
        closed = true;
        bells.values().forEach(EventFd::close);
        bells.clear();
    }

    /** The peer gets the bell of one of this process's queues. */
    void giveTo(FabricQueue queue, PeerStream stream) throws LinuxException {
        given.add(queue.id());
        if (!queue.isClosed()) {
            stream.send(PeerStream.message(PeerStream.QUEUE, 4).putInt(queue.id()), queue.doorbell());
        }
        if (queue.isClosed()) {
            takeBack(queue, stream);
        }
    }

    /** One of this process's queues has closed: tells the peer if that knows it. */
    void takeBack(FabricQueue queue, @Nullable PeerStream stream) throws LinuxException {
        if (given.remove(queue.id()) && stream != null) {
            stream.send(PeerStream.message(PeerStream.QUEUE_CLOSED, 4).putInt(queue.id()));
        }
    }
}
