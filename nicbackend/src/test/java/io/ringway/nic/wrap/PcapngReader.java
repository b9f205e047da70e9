package io.ringway.nic.wrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a pcapng file by the letter of its specification; fails where the file departs from it. */
final class PcapngReader {
    /**
     * @param port the number of its interface
     * @param nanos since 1970
     */
    record Packet(int port, long nanos, boolean outbound, byte[] bytes) {}

    final List<Packet> packets = new ArrayList<>();
    final List<String> interfaceNames = new ArrayList<>();
    String interfaceName = "";
    int linkType = -1;
    int timeResolution = 6;
    final List<Long> receivedEach = new ArrayList<>();

    /** Of the last statistics; -1 while there are none. */
    long received = -1;

    long dropped = -1;

    PcapngReader(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        check(all.remaining() >= 28 && all.getInt(0) == 0x0a0d0d0a, "no section header");
        all.order(all.getInt(8) == 0x1a2b3c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        check(all.getInt(8) == 0x1a2b3c4d, "no byte-order magic");
        check(all.getShort(12) == 1 && all.getShort(14) == 0, "not version 1.0");
        while (all.hasRemaining()) {
            int length = all.getInt(all.position() + 4);
            check(length >= 12 && length % 4 == 0 && length <= all.remaining(), "length of a block: " + length);
            check(all.getInt(all.position() + length - 4) == length, "the block's length is not repeated");
            block(all.slice(all.position(), length).order(all.order()));
            all.position(all.position() + length);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private void block(ByteBuffer b) {
        int body = b.limit() - 4;
        switch (b.getInt(0)) {
            case 0x0a0d0d0a -> {}
            case 1 -> {
                linkType = b.getShort(8);
                options(b.slice(16, body - 16).order(b.order()), 1);
                interfaceNames.add(interfaceName);
            }
            case 5 -> {
                check(b.getInt(8) == receivedEach.size(), "statistics of interface " + b.getInt(8));
                options(b.slice(20, body - 20).order(b.order()), 5);
                receivedEach.add(received);
            }
            case 6 -> packet(b, body);
            default -> throw new AssertionError("block of type " + b.getInt(0));
        }
    }

    private void packet(ByteBuffer b, int body) {
        int port = b.getInt(8);
        check(port >= 0 && port < interfaceNames.size(), "a packet of no interface");
        long nanos = ((long) b.getInt(12) << 32 | b.getInt(16) & 0xffff_ffffL);
        int length = b.getInt(20);
        check(length == b.getInt(24) && length >= 0, "captured " + length + " of " + b.getInt(24));
        byte[] bytes = new byte[length];
        b.get(28, bytes);
        int at = 28 + (length + 3) / 4 * 4;
        int flags = options(b.slice(at, body - at).order(b.order()), 6);
        check(flags == 1 || flags == 2, "direction " + flags);
        packets.add(new Packet(port, nanos, flags == 2, bytes));
    }

    /** The flags of a packet, 0 if there are none. */
    private int options(ByteBuffer b, int block) {
        int flags = 0;
        while (b.hasRemaining()) {
            int code = b.getShort();
            int length = b.getShort();
            if (code == 0) {
                check(length == 0 && !b.hasRemaining(), "something behind the end of the options");
                return flags;
            }
            switch (block * 100 + code) {
                case 102 -> {
                    byte[] name = new byte[length];
                    b.get(b.position(), name);
                    interfaceName = new String(name, java.nio.charset.StandardCharsets.UTF_8);
                }
                case 109 -> timeResolution = b.get(b.position());
                case 504 -> received = b.getLong(b.position());
                case 505 -> dropped = b.getLong(b.position());
                case 602 -> flags = b.getInt(b.position());
                default -> throw new AssertionError("option " + code + " of block " + block);
            }
            b.position(b.position() + (length + 3) / 4 * 4);
        }
        return flags;
    }
}
