package io.ringway.nic.fabric;

import io.ringway.memory.Words;
import io.ringway.nic.Peer;
import java.util.BitSet;

/** Another process on the fabric, or this one as seen by itself. Any thread. */
abstract class FabricPeer implements Peer {
    private final FabricPort port;
    private final String name;
    private final Words memory;
    private final long ourPair;
    private final long theirPair;
    private final BitSet inUse = new BitSet(Layout.RINGS);
    private long directoryCount;
    private volatile boolean gone;
    private volatile boolean failed;

    FabricPeer(FabricPort port, String name, Words memory, long ourPair, long theirPair) {
        this.port = port;
        this.name = name;
        this.memory = memory;
        this.ourPair = ourPair;
        this.theirPair = theirPair;
    }

    /** What to call a process. */
    static String describe(String guestName, int pid) {
        return guestName.isEmpty() ? "process " + pid : guestName + " (process " + pid + ")";
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean alive() {
        return !gone;
    }

    final FabricPort port() {
        return port;
    }

    final boolean isGone() {
        return gone;
    }

    /** Gone because it wrote what can't be: what it published last is not looked at. */
    final boolean hasFailed() {
        return failed;
    }

    final void markGone() {
        gone = true;
    }

    /** What the peer shares. */
    final Words memory() {
        return memory;
    }

    /** Where in its memory the peer keeps what concerns this process. */
    final long theirPair() {
        return theirPair;
    }

    final long readNotice() {
        return memory.getAcquire(theirPair + Layout.PAIR_NOTICE);
    }

    /** Whether the peer's queue table has a queue of this number. */
    final boolean hasQueue(int queue) {
        return memory.getAcquire(Layout.queueLine(queue)) == (queue & 0xffff_ffffL) + 1;
    }

    /** Whether that queue is there and takes frames. */
    final boolean hasOpenQueue(int queue) {
        long state = memory.getAcquire(Layout.queueLine(queue) + Layout.QUEUE_STATE);
        return hasQueue(queue) && ((int) state & Layout.STATE_MASK) != Layout.STATE_CLOSED;
    }

    /** What the peer answered for the ring at a place in this process's directory. */
    final long consumerTable(long directoryPosition) {
        return memory.getAcquire(theirPair + Layout.tableWord(directoryPosition));
    }

    /** Tells the peer where this process's cursors for one of its rings are; block 0 when it let go of the ring. */
    final void answerRing(long directoryPosition, long block) {
        port.memory()
                .setRelease(ourPair + Layout.tableWord(directoryPosition), Layout.tableValue(directoryPosition, block));
    }

    /** Makes the peer's queues look at the directory and at silent rings. */
    final void notice() {
        port.memory().increment(ourPair + Layout.PAIR_NOTICE);
    }

    /**
     * Enters a ring into the directory.
     *
     * @return its place, or -1 when the directory is full
     */
    final synchronized long announceRing(int from, int to, long slots, int slotCount) {
        Words own = port.memory();
        long place = directoryCount;
        while (inUse.get((int) place & Layout.RINGS - 1)) {
            if (++place == directoryCount + Layout.RINGS) {
                return -1;
            }
        }
        inUse.set((int) place & Layout.RINGS - 1);
        directoryCount = place + 1;
        long entry = ourPair + Layout.entry(place);
        own.setRelease(entry + Layout.ENTRY_STAMP, 0);
        own.setRelease(entry + Layout.ENTRY_QUEUES, (long) from << 32 | to & 0xffff_ffffL);
        own.setRelease(entry + Layout.ENTRY_RING, slots | Integer.numberOfTrailingZeros(slotCount));
        own.setRelease(entry + Layout.ENTRY_CLOSED, 0);
        own.setRelease(entry + Layout.ENTRY_STAMP, place + 1);
        own.setRelease(ourPair + Layout.PAIR_COUNT, place + 1);
        notice();
        return place;
    }

    /** Tells the reader of a ring that nothing more comes. */
    final void closeRing(long place) {
        port.memory().setRelease(ourPair + Layout.entry(place) + Layout.ENTRY_CLOSED, place + 1);
        notice();
    }

    /** Takes a ring out of the directory, after its reader has let go of it. */
    final synchronized void forgetRing(long place) {
        inUse.clear((int) place & Layout.RINGS - 1);
        port.memory().setRelease(ourPair + Layout.entry(place) + Layout.ENTRY_STAMP, 0);
    }

    /** Whether the peer publishes nothing more into one of its rings. */
    final boolean hasClosedRing(long place) {
        return memory.getAcquire(theirPair + Layout.entry(place) + Layout.ENTRY_CLOSED) == place + 1;
    }

    /** Makes the doorbell of one of the peer's queues readable. */
    abstract void ring(int queue);

    /** One of the peer's queues will be sent to: its doorbell may be needed soon. */
    abstract void prepareToRing(int queue);

    /** The peer wrote what can't be: it is treated as gone. */
    final void fail(String what) {
        if (!failed) {
            failed = true;
            port.lose(this, what);
        }
    }
}
