package io.ringway.nic.fabric;

import io.ringway.linux.EventFd;
import io.ringway.linux.LinuxException;
import io.ringway.linux.Platform;
import io.ringway.linux.SharedMemory;
import io.ringway.memory.Words;
import io.ringway.nic.Capabilities;
import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameLender;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Port;
import io.ringway.nic.Resolution;
import io.ringway.nic.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This process's place on the shared-memory NIC: its memory, its queues, and the peers that it exchanges frames with.
 * Any thread, except where it says otherwise.
 */
public final class FabricPort implements Port {
    /** What the only port of this kind in a process is called. */
    public static final String NAME = "fabric";

    private final String name;
    private final FabricSettings settings;
    private final Capabilities capabilities;
    private final long nonce;
    private final SharedMemory shared;
    private final Words memory;
    private final FabricMemory fabricMemory;
    private final AtomicReferenceArray<@Nullable FabricQueue> queues = new AtomicReferenceArray<>(Layout.QUEUES);
    private final LentFrames lent;
    private final FabricPeer self;
    private final Resolver resolver = new Resolver(this);
    private final Presence presence;
    private final List<FabricQueue> remains = new CopyOnWriteArrayList<>();
    private int nextQueue;
    private volatile FabricPeer[] peers;
    private volatile long peersVersion;
    private volatile @Nullable Supplier<String> statusSource;
    private volatile @Nullable Runnable meetingObserver;
    private volatile String lastTrouble = "";

    private FabricPort(FabricSettings settings, String name, PortBlocks numbers) throws LinuxException {
        this.name = name;
        this.settings = settings;
        this.capabilities =
                new Capabilities(true, true, FrameStore.LARGEST, Layout.INLINE, settings.mtu(), false, false);
        this.nonce = Nonce.make();
        this.shared = SharedMemory.create("ringway", settings.memoryBytes());
        this.memory = new Words(shared.segment());
        this.fabricMemory = new FabricMemory(shared);
        this.lent = new LentFrames(fabricMemory);
        memory.set(Layout.HEADER_VERSION, settings.newestVersion());
        memory.set(Layout.HEADER_NONCE, nonce);
        memory.set(Layout.HEADER_SIZE, memory.segment().byteSize());
        memory.setRelease(Layout.HEADER_MAGIC, Layout.MAGIC);
        String ownName = FabricPeer.describe(settings.guestName(), Platform.processId());
        this.self = new SelfPeer(this, ownName, memory, fabricMemory.takeBlock(Layout.PAIR_BYTES));
        this.peers = new FabricPeer[] {self};
        // Where numbers are claimed from now on: last, for a port that got no memory is no place for that.
        this.presence = new Presence(this, numbers);
    }

    /**
     * Joins the fabric. Nothing is visible to other processes before the first listener is published or a listener of
     * another process is found.
     *
     * @throws LinuxException when the system gives no shared memory
     */
    public static FabricPort open(FabricSettings settings) throws LinuxException {
        return open(settings, NAME, null);
    }

    /**
     * The same with another name, or in a further directory.
     *
     * @param name the port's in this process, for counters and listings
     * @param first the port of another directory, or null if there is none; both take local port numbers that are claimed
     *     in all directories
     */
    public static FabricPort open(FabricSettings settings, String name, @Nullable FabricPort first)
            throws LinuxException {
        return new FabricPort(settings, name, first == null ? new PortBlocks() : first.presence.portBlocks());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    public FabricSettings settings() {
        return settings;
    }

    SharedMemory sharedMemory() {
        return shared;
    }

    Words memory() {
        return memory;
    }

    FabricMemory fabricMemory() {
        return fabricMemory;
    }

    long nonce() {
        return nonce;
    }

    FabricPeer self() {
        return self;
    }

    FabricPeer[] peers() {
        return peers;
    }

    /** No other process is on the other end of anything now. */
    public boolean isAlone() {
        for (FabricPeer peer : peers) {
            if (peer instanceof RemotePeer) {
                return false;
            }
        }
        return true;
    }

    long peersVersion() {
        return peersVersion;
    }

    @Override
    public FrameLender lender() {
        return lent;
    }

    LentFrames lentFrames() {
        return lent;
    }

    @Override
    public FabricQueue openQueue() {
        try {
            housekeep();
            return openQueue(EventFd.create());
        } catch (LinuxException e) {
            throw new IllegalStateException("no doorbell for a device queue", e);
        }
    }

    private synchronized FabricQueue openQueue(EventFd doorbell) {
        for (int i = 0; i < Layout.QUEUES; i++) {
            int id = nextQueue++ & Integer.MAX_VALUE;
            int line = id & Layout.QUEUES - 1;
            if (queues.get(line) == null) {
                FabricQueue queue = new FabricQueue(this, id, doorbell);
                queues.set(line, queue);
                return queue;
            }
        }
        doorbell.close();
        throw new IllegalStateException("more than " + Layout.QUEUES + " device queues");
    }

    /** The queue of this number, or null. */
    @Nullable
    FabricQueue queue(int id) {
        FabricQueue queue = queues.get(id & Layout.QUEUES - 1);
        return queue != null && queue.id() == id ? queue : null;
    }

    /** The queue in this line of the queue table, which has one. */
    FabricQueue queueAt(int line) {
        FabricQueue queue = queues.get(line);
        if (queue == null) {
            throw new IllegalArgumentException("no queue in line " + line);
        }
        return queue;
    }

    void queueClosed(FabricQueue queue) {
        remains.add(queue);
        tellPeers(queue);
        peersChanged();
        housekeep();
    }

    /**
     * Takes apart what closed queues and lost peers have left, as far as nobody uses it any more. Happens by itself when
     * queues and peers come and go; may be called at any time.
     */
    public void housekeep() {
        for (FabricQueue queue : remains) {
            if (queue.linger() && remains.remove(queue)) {
                queues.set(queue.id() & Layout.QUEUES - 1, null);
            }
        }
        Mappings.sweep();
    }

    /** A new peer: queues meet it with their next poll. */
    synchronized void join(FabricPeer peer) {
        FabricPeer[] more = Arrays.copyOf(peers, peers.length + 1);
        more[peers.length] = peer;
        peers = more;
        peersChanged();
    }

    /** Who is told whenever another process has become a peer, on a thread that must not be held up; it must not throw. */
    public void setMeetingObserver(Runnable observer) {
        meetingObserver = observer;
    }

    /** Another process has become a peer. No lock is held. */
    void tellMeeting() {
        Runnable observer = meetingObserver;
        if (observer != null) {
            observer.run();
        }
    }

    /**
     * A peer is gone, or treated so: every queue is told with its next poll.
     *
     * @param why for people; empty where there is nothing to say
     */
    void lose(FabricPeer peer, String why) {
        synchronized (this) {
            if (peer.isGone()) {
                return;
            }
            // Before it is gone: a queue that sees it gone has it in hand, and only once.
            forEachQueue(queue -> queue.lost(peer));
            peer.markGone();
            List<FabricPeer> left = new ArrayList<>(List.of(peers));
            left.remove(peer);
            peers = left.toArray(new FabricPeer[0]);
            peersChanged();
        }
        if (!why.isEmpty()) {
            note(peer.name() + ": " + why);
        }
        forEachQueue(FabricQueue::ring);
        if (peer instanceof RemotePeer remote) {
            presence.part(remote);
            remote.doorbells().close();
        }
        housekeep();
    }

    private void forEachQueue(Consumer<FabricQueue> action) {
        for (int i = 0; i < Layout.QUEUES; i++) {
            FabricQueue queue = queues.get(i);
            if (queue != null) {
                action.accept(queue);
            }
        }
    }

    /** Makes every queue look at its peers with its next poll. */
    synchronized void peersChanged() {
        peersVersion = peersVersion + 1;
    }

    /** Removes what dead processes have left in the directory, within bounds. Takes some milliseconds where they left much. */
    public void sweepDirectory() {
        Set<Long> living = new HashSet<>();
        living.add(nonce);
        for (FabricPeer peer : peers) {
            if (peer instanceof RemotePeer remote) {
                living.add(remote.nonce());
            }
        }
        presence.sweepRemains(living);
    }

    /** The link from a queue to a peer's queue. The queue's thread. */
    @Override
    public Link link(DeviceQueue queue, Route route) {
        FabricRoute to = (FabricRoute) route;
        return ((FabricQueue) queue.device()).link(to.fabricPeer(), to.target());
    }

    @Override
    public Route routeTo(DeviceQueue queue) {
        return new FabricRoute(this, IpEndpoint.v4(0, 0), self, queue.id());
    }

    /** The link from another queue to the same queue of the same peer. The queue's thread. */
    @Override
    public Link link(DeviceQueue queue, Link other) {
        FabricLink like = (FabricLink) other;
        return ((FabricQueue) queue.device()).link(like.peer, like.target);
    }

    @Override
    public Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        return resolver.resolve(destination, source);
    }

    @Override
    public AutoCloseable publish(IpEndpoint bound, boolean dualStack, DeviceQueue queue) throws IOException {
        return presence.publish(bound, dualStack, queue.id());
    }

    @Override
    public int claimLocalPort(IpEndpoint destination) {
        return presence.claimLocalPort(destination);
    }

    @Override
    public void releaseLocalPort(IpEndpoint destination, int number) {
        presence.releaseLocalPort(destination, number);
    }

    Presence presence() {
        return presence;
    }

    /** Tells the peers that know a queue that it has closed. */
    private void tellPeers(FabricQueue queue) {
        for (FabricPeer peer : peers) {
            if (peer instanceof RemotePeer remote) {
                try {
                    remote.doorbells().takeBack(queue, remote.stream());
                } catch (LinuxException e) {
                    lose(peer, "can't be told of a closed queue: " + e.getMessage());
                }
            }
        }
    }

    // --- for people

    /** Who answers a status request from outside, see {@link FabricDirectory#queryAll}. */
    public void setStatusSource(Supplier<String> source) {
        statusSource = source;
    }

    String status() {
        try {
            Supplier<String> source = statusSource;
            return source == null ? "" : source.get();
        } catch (RuntimeException e) {
            return "no status: " + e;
        }
    }

    /** The last thing that went wrong, or the last peer that left, as a sentence; empty if there was none. */
    public String lastTrouble() {
        return lastTrouble;
    }

    void note(@Nullable String what) {
        lastTrouble = what == null ? "" : what;
    }

    @Override
    public void close() {
        presence.close();
        resolver.close();
        for (FabricPeer peer : peers) {
            if (!peer.equals(self)) {
                lose(peer, "this process has left");
            }
        }
        Mappings.add(this);
    }
}
