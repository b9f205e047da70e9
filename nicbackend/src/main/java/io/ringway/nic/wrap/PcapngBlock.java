package io.ringway.nic.wrap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng, sections 4.1 to 4.6), in the machine's byte order, which the
 * section header tells.
 */
final class PcapngBlock {
    /** Bytes of a packet's block before the packet. */
    static final int BEFORE_PACKET = 28;

    /** Bytes of the statistics' block. */
    static final int STATISTICS = 52;

    private static final int BEHIND_PACKET = 16;
    private static final int SECTION_TYPE = 0x0a0d0d0a;
    private static final int INTERFACE_TYPE = 1;
    private static final int STATISTICS_TYPE = 5;
    private static final int PACKET_TYPE = 6;
    private static final int MAGIC = 0x1a2b3c4d;
    private static final int SECTION = 28;
    private static final int LINK_TYPE_RAW = 101;

    /** Options of an interface, of a packet, and of statistics. */
    private static final int NAME = 2;

    private static final int TIME_RESOLUTION = 9;
    private static final int NANOSECONDS = 9;
    private static final int FLAGS = 2;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int RECEIVED = 4;
    private static final int DROPPED = 5;

    private PcapngBlock() {}

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    /** Bytes of the block of a packet of {@code length} bytes. */
    static int packetBytes(int length) {
        return BEFORE_PACKET + padded(length) + BEHIND_PACKET;
    }

    /**
     * Writes an enhanced packet block around the packet at {@code data}.
     *
     * @param port the interface's number, from 0 in the order of the descriptions
     * @param time in nanoseconds since 1970
     */
    static void aroundPacket(MemorySegment memory, long data, int length, int port, long time, boolean outbound) {
        long at = data - BEFORE_PACKET;
        int total = packetBytes(length);
        set(memory, at, PACKET_TYPE);
        set(memory, at + 4, total);
        set(memory, at + 8, port);
        set(memory, at + 12, (int) (time >>> 32));
        set(memory, at + 16, (int) time);
        set(memory, at + 20, length);
        set(memory, at + 24, length);
        for (int i = length; i < padded(length); i++) {
            memory.set(ValueLayout.JAVA_BYTE, data + i, (byte) 0);
        }
        at = data + padded(length);
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) FLAGS);
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, (short) Integer.BYTES);
        set(memory, at + 4, outbound ? OUTBOUND : INBOUND);
        set(memory, at + 8, 0);
        set(memory, at + 12, total);
    }

    private static void set(MemorySegment memory, long at, int value) {
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    }

    private static ByteBuffer block(int type, int length) {
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putInt(type)
                .putInt(length);
    }

    /** The section header of version 1.0, of a section whose length is unknown. */
    static ByteBuffer section() {
        ByteBuffer b = block(SECTION_TYPE, SECTION).putInt(MAGIC);
        return b.putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1)
                .putInt(SECTION)
                .flip();
    }

    /** The description of an interface: packets start with their IP header, time stamps are in nanoseconds. */
    static ByteBuffer interfaceDescription(String interfaceName) {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        int length = 36 + padded(name.length);
        ByteBuffer b = block(INTERFACE_TYPE, length)
                .putShort((short) LINK_TYPE_RAW)
                .putShort((short) 0)
                .putInt(0);
        b.putShort((short) NAME).putShort((short) name.length).put(name).position(20 + padded(name.length));
        b.putShort((short) TIME_RESOLUTION).putShort((short) 1).put((byte) NANOSECONDS);
        return b.position(28 + padded(name.length)).putInt(0).putInt(length).flip();
    }

    /** The statistics of the interface of that number: packets seen, and those of them that are not in the file. */
    static ByteBuffer statistics(int port, long time, long taken, long dropped) {
        ByteBuffer b = block(STATISTICS_TYPE, STATISTICS).putInt(port);
        b.putInt((int) (time >>> 32)).putInt((int) time);
        b.putShort((short) RECEIVED).putShort((short) Long.BYTES).putLong(taken + dropped);
        b.putShort((short) DROPPED).putShort((short) Long.BYTES).putLong(dropped);
        return b.putInt(0).putInt(STATISTICS).flip();
    }
}
