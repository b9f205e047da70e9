package io.ringway.nic.fabric;

import io.ringway.memory.Words;
import io.ringway.nic.FrameHandler;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Link;
import io.ringway.nic.Peer;
import io.ringway.nic.Resolution;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A device queue that breaks the rules: it writes what can't be into its own process's shared memory, and publishes
 * packets of connections that are not its own. One thread.
 */
public final class Saboteur implements FrameHandler {
    private static final int LOOPBACK = 0x7f00_0001;
    private static final int HEADERS = 40;
    /** Where rings stand as a rule. */
    private static final long SCANNED = 16L << 20;

    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;
    private static final int[] FLAGS = {ACK, ACK, RST, RST | ACK, ACK | 1, SYN, SYN | ACK, 0, 63};

    private final FabricPort port;
    private final FabricQueue queue;
    private final Words own;
    private final Random random;
    private FabricLink link;

    public Saboteur(FabricPort port, Random random) {
        this.port = port;
        this.random = random;
        queue = port.openQueue();
        own = port.memory();
    }

    /** Finds the process that listens there, and makes a ring towards it. False if it doesn't answer now. */
    public boolean meet(int listener) {
        queue.receive(this, 64);
        if (!(port.resolve(IpEndpoint.v4(LOOPBACK, listener), null) instanceof Resolution.Found found)) {
            return false;
        }
        link = (FabricLink) port.link(queue, found.route());
        return queue.claim(link, HEADERS, 0) >= 0;
    }

    /** Whether the process has had enough of this one. */
    public boolean isFound() {
        queue.receive(this, 64);
        return link.isClosed();
    }

    // --- garbage

    /** Anything anywhere: control words, cursors, slots, headers. */
    public void scribble() {
        for (int i = 0; i < 256; i++) {
            long at = random.nextLong(8 << 20) & -8;
            long value = random.nextInt(3) == 0 ? own.get(at) + random.nextInt(5) - 2 : value();
            own.setRelease(at, value);
        }
    }

    private long value() {
        return random.nextLong() >>> random.nextInt(64);
    }

    // --- too fast

    /** A packet for nobody; false when the ring is full. */
    public boolean flood() {
        byte[] packet = packet(random.nextInt(1 << 16), random.nextInt(1 << 16), random.nextInt(5) == 0 ? ACK : RST);
        return publish(packet, 0);
    }

    /** Publishes whatever the reader has read. */
    public void overrun() {
        long p = link.position;
        for (int i = 0; i < 3 * link.slotCount; i++) {
            own.setRelease(slot(p++), p);
        }
        ring();
    }

    // --- lies

    /** A descriptor, or headers, of impossible lengths. */
    public void lieAboutLengths() {
        byte[] packet = packet(random.nextInt(1 << 16), random.nextInt(1 << 16), ACK);
        switch (random.nextInt(4)) {
            case 0 -> packet[random.nextInt(4)] = (byte) random.nextInt();
            case 1 -> packet[32] = (byte) random.nextInt();
            default -> {}
        }
        boolean framed = random.nextBoolean();
        int length = random.nextInt(3) == 0 ? random.nextInt(1 << 23) : random.nextInt(70_000);
        long at = claim(packet);
        if (at >= 0) {
            own.set(at + Layout.SLOT_HEADERS + HEADERS, random.nextInt(64));
            commit(Layout.descriptor(
                    random.nextInt(3) == 0 ? HEADERS : random.nextInt(256), length, framed, queue.id()));
        }
    }

    /** A frame, a ring or a block of cursors where none can be. */
    public void lieAboutOffsets() {
        long pair = link.peer instanceof RemotePeer remote ? remote.ourPair() : 0;
        switch (random.nextInt(3)) {
            case 0 -> {
                long at = claim(packet(1, 2, ACK));
                if (at >= 0) {
                    own.set(at + Layout.frameWord(HEADERS), random.nextBoolean() ? random.nextLong() : value());
                    commit(Layout.descriptor(HEADERS, random.nextInt(65_536), true, queue.id()));
                }
            }
            case 1 -> announce(pair, queue.id(), random.nextInt(3), value() & -256 | random.nextInt(32));
            default -> {
                for (int i = 0; i < 64; i++) {
                    own.setRelease(pair + Layout.tableWord(i), Layout.tableValue(i, value() & 0xfff_ffff_ff80L));
                }
            }
        }
    }

    /** Queues that are not there, that are somebody else's, or that come and go. */
    public void lieAboutQueues() {
        long pair = link.peer instanceof RemotePeer remote ? remote.ourPair() : 0;
        switch (random.nextInt(4)) {
            case 0 -> {
                if (claim(packet(1, 2, RST)) >= 0) {
                    commit(Layout.descriptor(HEADERS, 0, false, random.nextBoolean() ? random.nextInt() : 5));
                }
            }
            case 1 -> {
                int fake = 512 + random.nextInt(1 << 20);
                own.setRelease(Layout.queueLine(fake), fake + 1L);
                if (claim(packet(random.nextInt(1 << 16), 9, ACK)) >= 0) {
                    // The answer needs a ring to a queue that nobody serves.
                    commit(Layout.descriptor(HEADERS, 0, false, fake));
                }
            }
            case 2 -> announce(pair, random.nextInt(5), random.nextInt(), link.slots | random.nextInt(16));
            default -> {
                int line = random.nextInt(Layout.QUEUES);
                own.setRelease(Layout.queueLine(line) + Layout.QUEUE_STATE, random.nextInt(4));
            }
        }
    }

    private void announce(long pair, long from, int to, long ring) {
        long place = own.get(pair + Layout.PAIR_COUNT);
        long entry = pair + Layout.entry(place);
        own.setRelease(entry + Layout.ENTRY_QUEUES, from << 32 | to & 0xffff_ffffL);
        own.setRelease(entry + Layout.ENTRY_RING, ring);
        own.setRelease(entry + Layout.ENTRY_STAMP, place + 1);
        own.setRelease(pair + Layout.PAIR_COUNT, place + 1);
        own.increment(pair + Layout.PAIR_NOTICE);
    }

    // --- connections of others

    /**
     * Reads what other processes have sent to a port, or from it, out of their memory, and sends the next segment of each
     * such connection in their place: as data, reset, end, SYN, anything. How many.
     */
    public int forge(int listener) {
        List<byte[]> next = new ArrayList<>();
        for (FabricPeer peer : port.peers()) {
            if (peer instanceof RemotePeer && peer != link.peer) {
                collect(peer.memory().segment(), listener, next);
            }
        }
        int count = 0;
        for (byte[] packet : next) {
            int flags = FLAGS[random.nextInt(FLAGS.length)];
            int payload = (flags & RST) == 0 ? random.nextInt(100) : 0;
            // The window is wide: also for what stands there for long.
            put(packet, 24, get(packet, 24) + (random.nextInt(3) == 0 ? 0 : random.nextInt(8 << 20)));
            packet[2] = 0;
            packet[3] = (byte) (HEADERS + payload);
            packet[33] = (byte) flags;
            if (publish(packet, payload)) {
                count++;
            }
        }
        return count;
    }

    /** The headers of the segment after each that stands there. */
    private static void collect(MemorySegment memory, int listener, List<byte[]> next) {
        Words words = new Words(memory);
        long end = Math.min(SCANNED, memory.byteSize()) - Layout.SLOT;
        for (long slot = Layout.CHUNK; slot < end; slot += Layout.SLOT) {
            long first = Long.reverseBytes(words.get(slot + Layout.SLOT_HEADERS));
            long third = Long.reverseBytes(words.get(slot + Layout.SLOT_HEADERS + 16));
            int from = (int) (third >>> 16) & 0xffff;
            int to = (int) third & 0xffff;
            if (first >>> 56 == 0x45 && (from == listener || to == listener) && next.size() < 1000) {
                byte[] packet = new byte[HEADERS];
                for (int i = 0; i < HEADERS; i++) {
                    packet[i] = (byte) (words.get(slot + Layout.SLOT_HEADERS + (i & -8)) >>> 8 * (i & 7));
                }
                int length = Layout.payloadLength(words.get(slot + Layout.SLOT_DESCRIPTOR));
                put(packet, 24, get(packet, 24) + length);
                packet[32] = 0x50;
                next.add(packet);
            }
        }
    }

    private static int get(byte[] packet, int at) {
        return packet[at] << 24 | (packet[at + 1] & 0xff) << 16 | (packet[at + 2] & 0xff) << 8 | packet[at + 3] & 0xff;
    }

    private static void put(byte[] packet, int at, int value) {
        for (int i = 0; i < 4; i++) {
            packet[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    // --- packets

    private byte[] packet(int from, int to, int flags) {
        byte[] packet = new byte[HEADERS];
        packet[0] = 0x45;
        packet[3] = HEADERS;
        packet[8] = 64;
        packet[9] = 6;
        put(packet, 12, LOOPBACK);
        put(packet, 16, LOOPBACK);
        put(packet, 20, from << 16 | to);
        put(packet, 24, random.nextInt());
        put(packet, 28, random.nextInt());
        packet[32] = 0x50;
        packet[33] = (byte) flags;
        packet[34] = (byte) 0xff;
        return packet;
    }

    private boolean publish(byte[] packet, int payload) {
        if (claim(packet) < 0) {
            return false;
        }
        commit(Layout.descriptor(HEADERS, payload, false, queue.id()));
        return true;
    }

    /** The slot that the packet's headers were put into, or -1. */
    private long claim(byte[] packet) {
        if (link.isClosed() || queue.claim(link, HEADERS, 0) < 0) {
            return -1;
        }
        long slot = slot(link.position);
        for (int i = 0; i < HEADERS; i += 8) {
            own.setNetworkLong(
                    slot + Layout.SLOT_HEADERS + i, (long) get(packet, i) << 32 | get(packet, i + 4) & 0xffff_ffffL);
        }
        return slot;
    }

    private void commit(long descriptor) {
        long slot = slot(link.position);
        own.set(slot + Layout.SLOT_DESCRIPTOR, descriptor);
        own.setRelease(slot, ++link.position);
        ring();
    }

    private long slot(long position) {
        return link.slots + ((position & link.slotCount - 1) << Layout.SLOT_SHIFT);
    }

    private void ring() {
        Fence.full();
        link.notifyPeer();
    }

    // --- what comes back

    @Override
    public void onFrame(
            Link source, long[] headers, int headerLength, MemorySegment payload, long at, int length, long frame) {
        // Not given back.
    }

    @Override
    public void onPeerGone(Peer peer) {
        // The link tells.
    }
}
