package io.ringway.nic.fabric;

import io.ringway.linux.Descriptors;
import io.ringway.linux.LinuxException;
import io.ringway.linux.LocalSocket;
import io.ringway.linux.Platform;
import io.ringway.linux.ProcessState;
import io.ringway.linux.SharedMemory;
import io.ringway.memory.Words;
import io.ringway.nic.Resolution.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How this process meets others: one connection per process that it met, over which the two exchange memory, doorbells
 * and the news of their death. Any thread.
 */
final class Rendezvous implements StreamLoop.Listener, AutoCloseable {
    private static final long LARGEST_MEMORY = 1L << 42;

    /** A process that runs but is slow may take this many times longer for its first answer than a stopped one. */
    private static final int PATIENCE = 25;

    private final FabricPort port;
    private final FabricDirectory directory;
    private final Map<Long, Acquaintance> acquaintances = new HashMap<>();
    private final Set<Long> banned = new HashSet<>();
    private final StreamLoop loop;
    private final Thread tidy;

    private Rendezvous(FabricPort port, FabricDirectory directory) throws LinuxException {
        this.port = port;
        this.directory = directory;
        this.tidy = StreamLoop.thread("ringway-tidy", new Tidying());
        this.loop = new StreamLoop(directory, this, port);
    }

    /** The process ends. */
    private final class Tidying implements Runnable {
        @Override
        public void run() {
            port.presence().withdrawAll();
            loop.ending();
        }
    }

    /** Makes the process reachable. */
    static Rendezvous start(FabricPort port, FabricDirectory directory) throws LinuxException {
        Rendezvous rendezvous = new Rendezvous(port, directory);
        rendezvous.loop.start();
        try {
            Runtime.getRuntime().addShutdownHook(rendezvous.tidy);
        } catch (IllegalStateException e) {
            port.note("started while the process exits: its files are left to whoever comes upon them");
        }
        return rendezvous;
    }

    // --- calling others

    /** What came of looking for a process: a peer, or the reason why not; neither when the process is dead. */
    record Outcome(@Nullable RemotePeer peer, @Nullable Reason reason) {}

    /** The peer of this nonce, waiting a bounded time for its first answer. */
    Outcome meet(long nonce) {
        Acquaintance a = acquaintance(nonce);
        if (a == null) {
            return new Outcome(null, Reason.MEMORY_BOUND);
        }
        synchronized (a) {
            if (a.peer == null && !a.called && !a.refused && !a.lost) {
                Outcome failed = call(a);
                if (failed != null) {
                    forget(a);
                    return failed;
                }
            }
            long step = TimeUnit.MILLISECONDS.toNanos(port.settings().answerMillis());
            long end = a.calledAt + step;
            long last = a.calledAt + PATIENCE * step;
            while (a.peer == null && !a.refused && !a.lost) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    if (end >= last || ProcessState.stopped(a.pid)) {
                        return new Outcome(null, Reason.PEER_NOT_RESPONDING);
                    }
                    end = Math.min(end + step, last);
                } else if (!await(a, left)) {
                    return new Outcome(null, Reason.PEER_NOT_RESPONDING);
                }
            }
            if (a.peer != null) {
                return new Outcome(a.peer, null);
            }
            return new Outcome(null, a.refused ? Reason.PEER_VERSION : null);
        }
    }

    private static boolean await(Acquaintance a, long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(a, Math.max(nanos, 1_000_000));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private @Nullable Acquaintance acquaintance(long nonce) {
        synchronized (acquaintances) {
            Acquaintance known = acquaintances.get(nonce);
            if (known != null && !known.isOver()) {
                return known;
            }
            long pair = port.fabricMemory().takeBlock(Layout.PAIR_BYTES);
            if (pair == 0) {
                return null;
            }
            Acquaintance made = new Acquaintance(nonce, pair);
            acquaintances.put(nonce, made);
            return made;
        }
    }

    private void forget(Acquaintance a) {
        synchronized (acquaintances) {
            acquaintances.remove(a.nonce, a);
        }
        if (a.peer == null) {
            port.fabricMemory().giveBlock(a.pair, Layout.PAIR_BYTES);
        }
    }

    /** Opens a connection and says hello; what went wrong, or null. */
    private @Nullable Outcome call(Acquaintance a) {
        if (isBanned(a.nonce)) {
            return new Outcome(null, Reason.DEVICE_ERROR);
        }
        PeerStream stream = null;
        try {
            a.calledAt = System.nanoTime();
            LocalSocket socket = LocalSocket.connect(
                    directory.socket(a.nonce), port.settings().answerMillis());
            stream = new PeerStream(socket, a.nonce);
            if (socket.peerCredentials().uid() != Platform.userId()) {
                stream.close();
                return new Outcome(null, Reason.DEVICE_ERROR);
            }
            a.pid = socket.peerCredentials().pid();
            sayHello(stream, a);
            a.called = true;
            loop.attend(stream);
            return null;
        } catch (LinuxException e) {
            if (stream != null) {
                stream.close();
            }
            if (FabricDirectory.isDead(e)) {
                return new Outcome(null, null);
            }
            int timedOut = 110;
            return new Outcome(null, e.errno() == timedOut ? Reason.PEER_NOT_RESPONDING : Reason.DEVICE_ERROR);
        }
    }

    private void sayHello(PeerStream stream, Acquaintance a) throws LinuxException {
        FabricSettings s = port.settings();
        Hello hello = new Hello(
                s.oldestVersion(), s.newestVersion(), port.nonce(), Platform.processId(), a.pair, s.guestName());
        ByteBuffer message = PeerStream.message(PeerStream.HELLO, Hello.LARGEST);
        hello.write(message);
        stream.send(message, port.sharedMemory().readOnlyDescriptor());
    }

    private boolean isBanned(long nonce) {
        synchronized (banned) {
            return banned.contains(nonce);
        }
    }

    // --- what others say

    /** A connection has ended: so has its process, as far as this one is concerned. */
    @Override
    public void onEnd(PeerStream stream) {
        RemotePeer peer = stream.peer;
        if (peer != null) {
            port.lose(peer, "left");
            return;
        }
        if (stream.expected != 0) {
            Acquaintance a = acquaintance(stream.expected);
            if (a != null) {
                synchronized (a) {
                    if (a.peer == null && !a.refused) {
                        a.lost = true;
                        forget(a);
                    }
                    a.notifyAll();
                }
            }
        }
    }

    @Override
    public void onMessage(PeerStream stream, int type, ByteBuffer content) {
        try {
            RemotePeer peer = stream.peer;
            switch (type) {
                case PeerStream.HELLO -> hear(stream, content);
                case PeerStream.REFUSED -> refused(stream);
                case PeerStream.QUEUE_REQUEST -> giveBell(stream, content);
                case PeerStream.QUEUE -> takeBell(stream, content);
                case PeerStream.QUEUE_CLOSED -> {
                    if (peer != null && content.remaining() >= 4) {
                        peer.doorbells().remove(content.getInt());
                        port.peersChanged();
                        port.housekeep();
                    }
                }
                case PeerStream.QUEUE_RING -> ring(content);
                case PeerStream.STATUS_REQUEST -> answerStatus(stream);
                default -> {
                    // A later version's: of no concern here.
                }
            }
        } catch (LinuxException e) {
            stream.doom();
        }
    }

    private void giveBell(PeerStream stream, ByteBuffer content) throws LinuxException {
        RemotePeer peer = stream.peer;
        if (peer != null && content.remaining() >= 4) {
            int id = content.getInt();
            FabricQueue queue = port.queue(id);
            if (queue != null) {
                peer.doorbells().giveTo(queue, stream);
            } else {
                stream.send(PeerStream.message(PeerStream.QUEUE_CLOSED, 4).putInt(id));
            }
        }
    }

    private void ring(ByteBuffer content) {
        FabricQueue queue = content.remaining() < 4 ? null : port.queue(content.getInt());
        if (queue != null) {
            queue.ring();
        }
    }

    private static void takeBell(PeerStream stream, ByteBuffer content) throws LinuxException {
        RemotePeer peer = stream.peer;
        int descriptor = stream.takeDescriptor();
        if (peer != null && content.remaining() >= 4) {
            int queue = content.getInt();
            if (descriptor >= 0) {
                peer.doorbells().add(queue, descriptor);
            } else {
                peer.doorbells().lost(queue, stream);
            }
        } else if (descriptor >= 0) {
            Descriptors.close(descriptor);
        }
    }

    private void hear(PeerStream stream, ByteBuffer content) throws LinuxException {
        int descriptor = stream.takeDescriptor();
        Hello hello = Hello.read(content);
        if (hello == null || descriptor < 0 || stream.peer != null || isBanned(hello.nonce())) {
            if (descriptor >= 0) {
                Descriptors.close(descriptor);
            }
            stream.doom();
            return;
        }
        boolean called = stream.expected == 0;
        int version = Math.min(hello.newest(), port.settings().newestVersion());
        if (version < Math.max(hello.oldest(), port.settings().oldestVersion())) {
            Descriptors.close(descriptor);
            if (called) {
                stream.send(PeerStream.message(PeerStream.REFUSED, 0));
            } else {
                refused(stream);
            }
            return;
        }
        SharedMemory mapping = SharedMemory.attach(descriptor, LARGEST_MEMORY);
        Acquaintance a = isSound(hello, mapping) ? acquaintance(hello.nonce()) : null;
        if (a == null) {
            mapping.close();
            stream.doom();
            return;
        }
        boolean isNew = a.peer == null;
        a = introduce(a, hello, version, mapping, stream);
        if (a == null) {
            return;
        }
        if (called) {
            sayHello(stream, a);
        }
        // Only now: nothing may overtake the greeting.
        RemotePeer peer = stream.peer;
        if (peer != null) {
            peer.addStream(stream);
            if (isNew) {
                port.tellMeeting();
            }
        }
    }

    private static boolean isSound(Hello hello, SharedMemory mapping) {
        long pair = hello.pair();
        Words words = new Words(mapping.segment());
        return pair > 0
                && (pair & 127) == 0
                && pair <= mapping.size() - Layout.PAIR_BYTES
                && mapping.size() >= Layout.CHUNK
                && words.get(Layout.HEADER_MAGIC) == Layout.MAGIC
                && words.get(Layout.HEADER_NONCE) == hello.nonce();
    }

    /** Makes a peer of an acquaintance, once; the acquaintance that it belongs to now. */
    private @Nullable Acquaintance introduce(
            Acquaintance known, Hello hello, int version, SharedMemory mapping, PeerStream stream)
            throws LinuxException {
        Acquaintance a = known;
        RemotePeer old = a.peer;
        if (old != null && old.theirPair() != hello.pair()) {
            // It has given this process up and starts anew.
            port.lose(old, "started anew");
            a = acquaintance(hello.nonce());
            if (a == null) {
                mapping.close();
                stream.doom();
                return null;
            }
        }
        synchronized (a) {
            RemotePeer peer = a.peer;
            if (peer == null) {
                int pid = stream.socket().peerCredentials().pid();
                peer = new RemotePeer(port, hello, pid, version, mapping, a.pair);
                a.peer = peer;
                Mappings.add(peer);
                port.join(peer);
            } else {
                mapping.close();
            }
            stream.peer = peer;
            a.notifyAll();
        }
        return a;
    }

    private void refused(PeerStream stream) {
        Acquaintance a = stream.expected == 0 ? null : acquaintance(stream.expected);
        if (a != null) {
            synchronized (a) {
                if (!a.refused && a.peer == null) {
                    a.refused = true;
                    port.fabricMemory().giveBlock(a.pair, Layout.PAIR_BYTES);
                }
                a.notifyAll();
            }
        }
        stream.doom();
    }

    /** On a thread of its own: neither a slow provider nor a slow reader holds up the rendezvous. */
    private void answerStatus(PeerStream stream) {
        StreamLoop.thread("ringway-status", () -> sendStatus(stream)).start();
    }

    private void sendStatus(PeerStream stream) {
        byte[] name = port.settings().guestName().getBytes(StandardCharsets.UTF_8);
        byte[] text = port.status().getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = PeerStream.message(PeerStream.STATUS, 8 + name.length + text.length);
        message.putInt(Platform.processId()).putInt(name.length).put(name).put(text);
        try {
            stream.send(message);
        } catch (LinuxException e) {
            stream.doom();
        }
    }

    // --- news for others

    /** A peer is lost: its connections end, so that it learns of it if it still lives. */
    void part(RemotePeer peer) {
        synchronized (acquaintances) {
            Acquaintance a = acquaintances.get(peer.nonce());
            if (a != null && a.peer == peer) {
                acquaintances.remove(peer.nonce());
            }
        }
        if (peer.hasFailed()) {
            synchronized (banned) {
                banned.add(peer.nonce());
            }
        }
        peer.doomStreams();
        loop.wake();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(tidy);
        } catch (IllegalStateException e) {
            port.note("closed while the process exits");
        }
        port.presence().withdrawAll();
        loop.close();
    }
}
