package io.ringway.nic.fabric;

import io.ringway.linux.LinuxException;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue that receives and one or more that send to it, all of this process, for tests that let two threads meet there
 * many times. Making queues is slow, so pairs are lent: {@link #take()} and {@link #giveBack()}. Frames carry {@link
 * Frames}.
 */
final class QueuePair implements FrameHandler {
    static final int SLOTS = 16;

    private static final ConcurrentLinkedQueue<QueuePair> IDLE = new ConcurrentLinkedQueue<>();
    private static @Nullable FabricPort port;
    private static int portQueues;

    final FabricQueue receiver;
    final FabricQueue sender;
    final FabricLink link;

    /** Other queues that have sent to the receiver, so that it has more rings than it polls in any case. */
    private final List<FabricQueue> others = new ArrayList<>();

    private final List<FabricLink> otherLinks = new ArrayList<>();

    private int number;
    private boolean keeping;

    /** What the receiver got since the last {@link #giveBack()}. */
    int received;

    /** Whether one of them was not what had been sent. */
    boolean wrong;

    /** A received frame that was not released yet; 0 when there is none. */
    long kept;

    QueuePair(int senders) {
        FabricPort p = port(senders + 1);
        receiver = p.openQueue();
        sender = p.openQueue();
        link = sender.link(p.self(), receiver.id());
        for (int i = 1; i < senders; i++) {
            FabricQueue other = p.openQueue();
            others.add(other);
            otherLinks.add(other.link(p.self(), receiver.id()));
        }
        sendAll();
        drain();
        sender.harvest();
        giveBackState();
    }

    private static synchronized FabricPort port(int queues) {
        FabricPort p = port;
        if (p == null || portQueues + queues > Layout.QUEUES) {
            try {
                p = FabricPort.open(
                        FabricSettings.defaults().withMemoryBytes(1L << 30).withSlotsPerRing(SLOTS));
            } catch (LinuxException e) {
                throw new AssertionError(e);
            }
            port = p;
            portQueues = 0;
        }
        portQueues += queues;
        return p;
    }

    /** A pair in which nothing is under way. */
    static QueuePair take() {
        QueuePair pair = IDLE.poll();
        return pair == null ? new QueuePair(1) : pair;
    }

    /** The same with a receiver that has so many rings that it lets silent ones sleep. */
    static QueuePair takeCrowded() {
        QueuePair pair = IDLE.poll();
        return pair == null ? new QueuePair(5) : pair;
    }

    /** Takes what is under way, and lends the pair to the next one. One thread, after all others. */
    void giveBack() {
        drain();
        giveBackState();
        IDLE.add(this);
    }

    private void giveBackState() {
        keeping = false;
        if (kept != 0) {
            receiver.release(kept);
            kept = 0;
        }
        receiver.disarm();
        sender.disarm();
        sender.harvest();
        received = 0;
        wrong = false;
    }

    // ---- the sender's thread ----

    /** Sends a frame with its payload in the slot; false when the ring is full. */
    boolean send() {
        return Frames.trySendInline(sender, link, ++number, 24);
    }

    /** Sends a frame with its payload beside the slot. */
    void sendFramed() {
        Frames.sendFramed(sender, link, ++number, 300);
    }

    /** Sends until the ring is full, and notes that it is. */
    void fill() {
        while (send()) {
            // once more
        }
    }

    /** How often the sender rang since {@code before}. */
    long bellsOfSender() {
        return sender.counters().bellsRung();
    }

    /** Makes the sender's ring the one that the receiver stops polling with its next sweep. Alone. */
    void beSilent() {
        link.peer.notice();
        sendAll();
        drain();
        receiver.rings().sweep();
        sendFromOthers();
        drain();
        received = 0;
    }

    private void sendAll() {
        send();
        sendFromOthers();
    }

    private void sendFromOthers() {
        for (int i = 0; i < others.size(); i++) {
            Frames.sendInline(others.get(i), otherLinks.get(i), 1, 10);
        }
    }

    // ---- the receiver's thread ----

    /** Receives and checks up to {@code budget} frames. */
    int receive(int budget) {
        return receiver.receive(this, budget);
    }

    /** From now on, the last frame that is received is not released. */
    void keep() {
        keeping = true;
    }

    private void drain() {
        while (receive(SLOTS) != 0) {
            // once more
        }
    }

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        received++;
        int sent = Frames.number(headers);
        wrong |= Frames.length(headers) != length || !Frames.payloadIsRight(payload, at, sent, length);
        if (frame == 0) {
            return;
        }
        if (keeping) {
            kept = frame;
        } else {
            receiver.release(frame);
        }
    }

    @Override
    public void onPeerGone(Peer peer) {
        throw new AssertionError("the peer is this process");
    }
}
