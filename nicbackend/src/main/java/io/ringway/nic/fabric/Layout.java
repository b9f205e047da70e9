package io.ringway.nic.fabric;

/**
 * The memory that a process shares: where its words are, and the ways to access them. Every word has one writing
 * process, the owner of the memory; everybody else maps it read-only.
 *
 * <pre>
 * 0        header page: magic, wire version, nonce, size
 * 4 KiB    queue table: one line per device queue {id + 1, state}
 * 1 MiB    chunks of 1 MiB: frames of one size for one queue, or control blocks of these kinds:
 *          pair block      for one peer: notice, directory of the rings towards it, table of consumer blocks
 *          ring block      {want, harvested, slots}
 *          consumer block  for one ring of a peer: {consumed, dormant, released, completion entries}
 * </pre>
 */
final class Layout {
    /** "RINGWAY1" as the first eight bytes of the memory. */
    static final long MAGIC = 0x3159_4157_474e_4952L;

    static final int WIRE_VERSION = 1;

    static final long HEADER_MAGIC = 0;
    static final long HEADER_VERSION = 8;
    static final long HEADER_NONCE = 16;
    static final long HEADER_SIZE = 24;

    static final int QUEUES = 1024;
    static final long QUEUE_TABLE = 4096;
    static final long QUEUE_LINE = 128;
    static final long QUEUE_STATE = 8;

    /** Low two bits of a queue's state word; the rest counts how often it was armed. */
    static final int STATE_POLLING = 0;

    static final int STATE_ARMED = 1;
    static final int STATE_CLOSED = 2;
    static final int STATE_MASK = 3;

    static final int CHUNK_SHIFT = 20;
    static final long CHUNK = 1L << CHUNK_SHIFT;

    /** Pair block: a counter that changes when the peer should look at the directory or at dormant rings. */
    static final long PAIR_NOTICE = 0;

    /** Pair block: entries ever appended to the directory. */
    static final long PAIR_COUNT = 8;

    static final long PAIR_DIRECTORY = 128;
    static final int RINGS = 4096;
    static final long ENTRY = 32;
    static final long ENTRY_STAMP = 0;
    static final long ENTRY_QUEUES = 8;
    static final long ENTRY_RING = 16;
    static final long ENTRY_CLOSED = 24;
    static final long PAIR_TABLE = PAIR_DIRECTORY + RINGS * ENTRY;
    static final long PAIR_BYTES = PAIR_TABLE + RINGS * 8L;

    static final long RING_WANT = 0;
    static final long RING_HARVESTED = 128;
    static final long RING_SLOTS = 256;

    static final int SLOT_SHIFT = 8;
    static final int SLOT = 1 << SLOT_SHIFT;
    static final long SLOT_DESCRIPTOR = 8;
    static final long SLOT_HEADERS = 16;
    static final long SLOT_SECOND_LINE = 64;
    static final int INLINE = SLOT - (int) SLOT_HEADERS;
    static final int MIN_SLOTS = 16;
    static final int MAX_SLOTS = 1 << 15;

    static final long CONSUMED = 0;
    static final long DORMANT = 128;
    static final long RELEASED = 256;
    static final long COMPLETIONS = 384;
    static final int COMPLETION_COUNT = 1024;
    static final long CONSUMER_BYTES = COMPLETIONS + COMPLETION_COUNT * 4L;

    /** Frames are named across processes by their offset in units of this many bytes. */
    static final int UNIT_SHIFT = 11;

    private Layout() {}

    static long queueLine(int queue) {
        return QUEUE_TABLE + (queue & (QUEUES - 1)) * QUEUE_LINE;
    }

    static long ringBytes(int slots) {
        return RING_SLOTS + ((long) slots << SLOT_SHIFT);
    }

    static long entry(long position) {
        return PAIR_DIRECTORY + (position & (RINGS - 1)) * ENTRY;
    }

    static long tableWord(long position) {
        return PAIR_TABLE + (position & (RINGS - 1)) * 8;
    }

    /** What a consumer answers for the ring at a directory position: its block, or 0 once it let go of the ring. */
    static long tableValue(long position, long block) {
        return (position + 1) << 36 | block >>> 7;
    }

    static boolean answers(long value, long position) {
        return value >>> 36 == (position + 1 & 0xfff_ffff);
    }

    static long block(long value) {
        return (value & 0xf_ffff_ffffL) << 7;
    }

    /** Descriptor word: header length, payload length, whether the payload is in a frame, the sender's queue. */
    static long descriptor(int headerLength, int payloadLength, boolean frame, int queue) {
        return (long) queue << 32 | (frame ? 1L << 31 : 0) | (long) payloadLength << 8 | headerLength;
    }

    static int headerLength(long descriptor) {
        return (int) descriptor & 0xff;
    }

    static int payloadLength(long descriptor) {
        return (int) descriptor >>> 8 & 0x7f_ffff;
    }

    static boolean inFrame(long descriptor) {
        return (int) descriptor < 0;
    }

    static int senderQueue(long descriptor) {
        return (int) (descriptor >>> 32);
    }

    /** Where the frame word of a slot stands, from the slot's start: behind the headers, aligned. */
    static long frameWord(int headerLength) {
        return SLOT_HEADERS + (headerLength + 7 & ~7);
    }
}
