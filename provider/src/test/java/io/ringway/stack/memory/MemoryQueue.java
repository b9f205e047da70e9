package io.ringway.stack.memory;

import io.ringway.nic.DeviceQueue;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A device queue in memory; fails whoever breaks its contract. */
public final class MemoryQueue implements DeviceQueue {
    private static final long HANDLE = 1L << 62;
    private static final int HANDLES = 1 << 14;
    private static final byte POISON = (byte) 0xdd;

    private final MemoryPort port;
    private final MemoryNetwork network;
    private final int id;
    private final boolean lossless;
    private final boolean poison;
    private static final long POISONED = 0xdddd_dddd_dddd_ddddL;

    private final long[] words = new long[MemoryPort.SLOT / Long.BYTES + 1];
    private final MemorySegment small;

    // ---- the owner's ----
    private MemoryLink[] outgoing = new MemoryLink[0];
    private final List<MemoryPort> saidGoodbye = new ArrayList<>();
    private final long[] heldFrames = new long[HANDLES];
    private final FrameTable[] heldTables = new FrameTable[HANDLES];
    private final int[] generations = new int[HANDLES];
    private int nextHandle;
    private int held;
    private boolean framesStarve;
    private long starvedAt;
    private boolean armed;
    private boolean closed;

    // ---- shared ----
    private volatile MemoryLink[] incoming = new MemoryLink[0];
    private final PriorityQueue<Packet> packets = new PriorityQueue<>();
    private volatile boolean bellWanted;
    private volatile boolean bell;
    private volatile @Nullable Thread sleeper;
    private volatile @Nullable Thread user;
    private int depth;
    private int lent;

    MemoryQueue(MemoryPort port, int id) {
        this.port = port;
        this.id = id;
        network = port.network;
        lossless = port.capabilities().lossless();
        poison = network.setup().poison();
        small = Arena.ofAuto().allocate(MemoryPort.SLOT, 8);
    }

    // ---- the contract ----

    private void enter() {
        Thread me = Thread.currentThread();
        Thread current = user;
        if (current != null && current != me) {
            throw network.violation("two threads use " + this + ": " + me + " and " + current);
        }
        if (closed) {
            throw network.violation(this + " used after close");
        }
        user = me;
        depth++;
    }

    private void exit() {
        if (--depth == 0) {
            user = null;
        }
    }

    private MemoryLink own(Link link) {
        MemoryLink l = (MemoryLink) link;
        if (l.from != this) {
            throw network.violation(l + " used by " + this);
        }
        return l;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public MemoryPort port() {
        return port;
    }

    @Override
    public MemorySegment memory() {
        return port.memory;
    }

    // ---- links ----

    MemoryLink linkTo(MemoryQueue target) {
        enter();
        try {
            for (MemoryLink link : outgoing) {
                if (link.to == target) {
                    return link;
                }
            }
            MemoryLink link = new MemoryLink(this, target);
            link.closed = saidGoodbye.contains(target.port);
            MemoryLink[] more = new MemoryLink[outgoing.length + 1];
            System.arraycopy(outgoing, 0, more, 0, outgoing.length);
            more[outgoing.length] = link;
            outgoing = more;
            target.addIncoming(link);
            return link;
        } finally {
            exit();
        }
    }

    private synchronized void addIncoming(MemoryLink link) {
        MemoryLink[] more = new MemoryLink[incoming.length + 1];
        System.arraycopy(incoming, 0, more, 0, incoming.length);
        more[incoming.length] = link;
        incoming = more;
    }

    // ---- receive ----

    @Override
    public int receive(FrameHandler handler, int budget) {
        enter();
        try {
            int done = 0;
            MemoryLink[] links = incoming;
            for (int i = 0; i < links.length && done < budget; i++) {
                done += lossless ? take(links[i], handler, budget - done) : 0;
            }
            if (!lossless) {
                done = takePackets(handler, budget);
            }
            if (done < budget) {
                sayGoodbye(handler);
            }
            return done;
        } finally {
            exit();
        }
    }

    private int take(MemoryLink link, FrameHandler handler, int budget) {
        MemoryLink back = link.reverse;
        if (back == null) {
            back = linkTo(link.from);
            link.reverse = back;
        }
        long from = link.consumed();
        long to = Math.min(link.produced(), from + budget);
        for (long at = from; at < to; at++) {
            deliver(link, back, at, handler);
        }
        link.consumed(to);
        if (to != from && link.wantsRoom) {
            link.wantsRoom = false;
            link.from.ring();
        }
        return (int) (to - from);
    }

    private void deliver(MemoryLink link, MemoryLink back, long at, FrameHandler handler) {
        MemoryPort sender = link.from.port;
        int i = (int) at & link.mask;
        int headers = link.headerLengths[i];
        long slot = link.slot(at);
        takeHeaders(sender.memory, slot, headers);
        long frame = link.frames[i];
        long payload = frame == 0 ? slot + headers : link.payloadOffsets[i];
        long handle = frame == 0 ? 0 : hold(sender.frames, frame);
        handler.onFrame(back, words, headers, sender.readOnly, payload, link.payloadLengths[i], handle);
        if (poison) {
            Arrays.fill(words, POISONED);
            sender.memory.asSlice(slot, MemoryPort.SLOT).fill(POISON);
        }
    }

    private void takeHeaders(MemorySegment from, long at, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            long word = 0;
            for (int k = 0; k < Long.BYTES; k++) {
                int b = i + k < length ? from.get(ValueLayout.JAVA_BYTE, at + i + k) & 0xff : POISON & 0xff;
                word = word << 8 | b;
            }
            words[i / Long.BYTES] = word;
        }
    }

    private long hold(FrameTable owner, long frame) {
        for (int i = 0; i < HANDLES; i++) {
            int index = nextHandle++ & HANDLES - 1;
            if (heldTables[index] == null) {
                heldTables[index] = owner;
                heldFrames[index] = frame;
                held++;
                int generation = ++generations[index] & 0xfffff;
                return HANDLE | (long) id << 40 | (long) generation << 14 | index;
            }
        }
        throw new IllegalStateException("more than " + HANDLES + " received frames held");
    }

    private int takePackets(FrameHandler handler, int budget) {
        int done = 0;
        while (done < budget) {
            Packet p = nextPacket();
            if (p == null) {
                break;
            }
            arrive(p, handler);
            done++;
        }
        return done;
    }

    private synchronized @Nullable Packet nextPacket() {
        Packet p = packets.peek();
        return p != null && p.due() <= network.now() ? packets.poll() : null;
    }

    private void arrive(Packet p, FrameHandler handler) {
        MemoryLink back = linkTo(p.link().from);
        int headers = p.headerLength();
        int length = p.bytes().length - headers;
        MemorySegment bytes = MemorySegment.ofArray(p.bytes());
        takeHeaders(bytes, 0, headers);
        if (length <= 128) {
            MemorySegment.copy(bytes, headers, small, 0, length);
            handler.onFrame(back, words, headers, small, 0, length, 0);
        } else {
            long frame = port.received.allocate(length);
            if (frame == 0) {
                return;
            }
            port.received.committed(frame, frame, length);
            port.received.free(frame);
            MemorySegment.copy(bytes, headers, port.memory, frame, length);
            handler.onFrame(back, words, headers, port.readOnly, frame, length, hold(port.received, frame));
        }
        Arrays.fill(words, POISONED);
        small.fill(POISON);
    }

    private void sayGoodbye(FrameHandler handler) {
        for (MemoryLink link : outgoing) {
            maySayGoodbye(link.to.port, handler);
        }
        for (MemoryLink link : incoming) {
            maySayGoodbye(link.from.port, handler);
        }
    }

    private void maySayGoodbye(MemoryPort peer, FrameHandler handler) {
        if (!peer.alive() && !saidGoodbye.contains(peer)) {
            saidGoodbye.add(peer);
            for (MemoryLink link : outgoing) {
                link.closed |= link.to.port == peer;
            }
            handler.onPeerGone(peer);
        }
    }

    @Override
    public void release(long handle) {
        enter();
        try {
            int index = (int) handle & HANDLES - 1;
            boolean mine = (handle & HANDLE) != 0 && (int) (handle >>> 40 & 0xffff) == id;
            int generation = (int) (handle >>> 14) & 0xfffff;
            if (!mine || heldTables[index] == null || (generations[index] & 0xfffff) != generation) {
                throw network.violation(this + ": release of what is not held: " + Long.toHexString(handle));
            }
            FrameTable owner = heldTables[index];
            heldTables[index] = null;
            held--;
            owner.released(heldFrames[index]);
        } finally {
            exit();
        }
    }

    // ---- transmit ----

    @Override
    public long claim(Link link, int headerLength, int inlineLength) {
        enter();
        try {
            MemoryLink l = own(link);
            if (l.claimedHeaders >= 0) {
                throw network.violation("claim before the last one was committed");
            }
            if (headerLength < 1
                    || inlineLength < 0
                    || headerLength + inlineLength > port.capabilities().inlineBytes()) {
                throw network.violation("claim of " + headerLength + " + " + inlineLength + " bytes");
            }
            if (l.closed || lossless && l.full()) {
                return -1;
            }
            l.claimedHeaders = headerLength;
            l.claimedInline = inlineLength;
            return l.slot(l.produced());
        } finally {
            exit();
        }
    }

    @Override
    public void commit(Link link, int headerLength, long frame, long payloadOffset, int payloadLength) {
        enter();
        try {
            MemoryLink l = own(link);
            boolean inline = frame == 0;
            if (l.claimedHeaders != headerLength || inline && l.claimedInline != payloadLength) {
                throw network.violation("commit of something else than was claimed");
            }
            if (payloadLength > port.capabilities().maxPayload()
                    || headerLength + payloadLength > port.capabilities().mtu()) {
                throw network.violation("payload of " + payloadLength + " bytes");
            }
            l.claimedHeaders = -1;
            if (!inline) {
                port.frames.committed(frame, payloadOffset, payloadLength);
            }
            if (lossless) {
                publish(l, headerLength, frame, payloadOffset, payloadLength);
            } else {
                transmit(l, headerLength, frame, payloadOffset, payloadLength);
            }
        } finally {
            exit();
        }
    }

    private void publish(MemoryLink l, int headerLength, long frame, long payloadOffset, int payloadLength) {
        long at = l.produced();
        int i = (int) at & l.mask;
        l.headerLengths[i] = headerLength;
        l.payloadLengths[i] = payloadLength;
        l.frames[i] = frame;
        l.payloadOffsets[i] = payloadOffset;
        l.dirty = true;
        l.produced(at + 1);
    }

    private void transmit(MemoryLink l, int headerLength, long frame, long payloadOffset, int payloadLength) {
        byte[] bytes = new byte[headerLength + payloadLength];
        MemorySegment target = MemorySegment.ofArray(bytes);
        long slot = l.slot(l.produced());
        MemorySegment.copy(port.memory, slot, target, 0, headerLength);
        long from = frame == 0 ? slot + headerLength : payloadOffset;
        MemorySegment.copy(port.memory, from, target, headerLength, payloadLength);
        if (frame != 0) {
            port.frames.released(frame);
        }
        Faults f = network.setup().faults();
        Random random = network.random();
        if (random.nextDouble() < f.loss()) {
            return;
        }
        if (random.nextDouble() < f.corruption()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        int copies = random.nextDouble() < f.duplication() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long extra = random.nextDouble() < f.reordering() ? (long) (random.nextDouble() * f.reorderDelay()) : 0;
            long due = network.now() + f.delay() + extra;
            l.to.put(new Packet(l, bytes, headerLength, due, network.nextPacketNumber()));
        }
    }

    private synchronized void put(Packet p) {
        packets.add(p);
    }

    synchronized long nextArrival() {
        Packet p = packets.peek();
        return p == null ? Long.MAX_VALUE : p.due();
    }

    @Override
    public void abort(Link link) {
        enter();
        own(link).claimedHeaders = -1;
        exit();
    }

    @Override
    public void flush() {
        enter();
        try {
            VarHandle.fullFence();
            for (MemoryLink link : outgoing) {
                if (link.claimedHeaders >= 0) {
                    throw network.violation("flush with an open claim");
                }
                if (link.dirty) {
                    link.dirty = false;
                    if (link.to.bellWanted) {
                        link.to.ring();
                    }
                }
            }
        } finally {
            exit();
        }
    }

    @Override
    public long allocate(int size) {
        enter();
        try {
            if (size > port.capabilities().maxPayload()) {
                throw network.violation("allocate " + size);
            }
            long returns = port.frames.returns();
            long frame = port.frames.allocate(size);
            if (frame == 0) {
                framesStarve = true;
                starvedAt = returns;
            }
            if (frame != 0 && size == 2048 && poison && isReadPosition()) {
                lent++;
            }
            return frame;
        } finally {
            exit();
        }
    }

    /** Frames that hold read positions are never freed. */
    private static boolean isReadPosition() {
        return StackWalker.getInstance()
                .walk(s -> s.limit(6).anyMatch(f -> f.getClassName().endsWith(".ReadPositions")));
    }

    @Override
    public int capacity(long frame) {
        return port.frames.capacity(frame);
    }

    @Override
    public void free(long frame) {
        enter();
        port.frames.free(frame);
        exit();
    }

    // ---- sleep ----

    @Override
    public void arm() {
        enter();
        armed = true;
        bellWanted = true;
        for (MemoryLink link : outgoing) {
            link.wantsRoom |= lossless && link.starves();
        }
        boolean lacksFrames = framesStarve;
        if (lacksFrames) {
            framesStarve = false;
            port.frames.wantedBy(this);
        }
        VarHandle.fullFence();
        if (lacksFrames && port.frames.returns() != starvedAt) {
            ring();
        }
        for (MemoryLink link : outgoing) {
            if (link.wantsRoom && !link.starves()) {
                ring();
            }
        }
        exit();
    }

    @Override
    public void disarm() {
        enter();
        armed = false;
        bellWanted = false;
        exit();
    }

    @Override
    public int doorbell() {
        return -1;
    }

    @Override
    public void ring() {
        bell = true;
        Thread s = sleeper;
        if (s != null) {
            LockSupport.unpark(s);
        }
    }

    @Override
    public void clearDoorbell() {
        bell = false;
    }

    public boolean isArmed() {
        return armed;
    }

    public boolean bellRang() {
        return bell;
    }

    /** Parks until the bell rings; false after {@code nanos} without. */
    public boolean awaitBell(long nanos) {
        sleeper = Thread.currentThread();
        long deadline = System.nanoTime() + nanos;
        while (!bell) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(left);
        }
        return true;
    }

    // ---- ends ----

    /** The process dies: what it had received and what it would have received goes back to the senders. */
    void die() {
        for (int i = 0; i < HANDLES; i++) {
            FrameTable owner = heldTables[i];
            if (owner != null) {
                heldTables[i] = null;
                held--;
                owner.released(heldFrames[i]);
            }
        }
        for (MemoryLink link : incoming) {
            for (long at = link.consumed(); at < link.produced(); at++) {
                if (link.frames[(int) at & link.mask] != 0) {
                    link.from.port.frames.released(link.frames[(int) at & link.mask]);
                }
            }
            link.consumed(link.produced());
        }
    }

    int held() {
        return held - lent;
    }

    /** A word of this port's memory. */
    public long word(long at) {
        return port.memory.get(ValueLayout.JAVA_LONG, at);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return port.name() + "/" + id;
    }
}
