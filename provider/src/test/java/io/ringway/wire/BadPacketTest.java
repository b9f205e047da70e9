package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes is refused or read, never an exception. */
class BadPacketTest {
    private static final byte[] V4 = HeaderWords.bytes("45 00 00 32 00 00 40 00 40 06 00 00 0a 01 02 03 c0 a8 fe 09"
            + " 9c 40 00 50 01 02 03 04 f1 f2 f3 f4 60 18 12 34 00 00 00 00 02 04 05 b4");
    private static final byte[] V6 = HeaderWords.bytes("60 00 00 00 00 1e 06 40"
            + " 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"
            + " fe 80 00 00 00 00 00 00 02 11 22 ff fe 33 44 55"
            + " ff ff 00 01 80 00 00 00 7f ff ff ff 60 11 ff ff 00 00 00 00 02 04 05 b4");
    private static final int PAYLOAD = 6;

    /** IP and TCP header lengths, or -1. */
    private static int headers(byte[] packet, int available, int total) {
        long[] w = HeaderWords.of(packet);
        int ip = Ip.validate(w, available, total);
        if (ip < 0) {
            return -1;
        }
        int tcp = Tcp.validate(w, ip, available);
        return tcp < 0 ? -1 : ip + tcp;
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static void refused(byte[] packet) {
        assertEquals(-1, headers(packet, packet.length, packet.length + PAYLOAD));
    }

    @Test
    void whole() {
        assertEquals(44, headers(V4, 44, 50));
        assertEquals(64, headers(V6, 64, 70));
    }

    @Test
    void everyTruncationOfTheHeaders() {
        for (byte[] packet : new byte[][] {V4, V6}) {
            for (int n = 0; n < packet.length; n++) {
                byte[] cut = java.util.Arrays.copyOf(packet, n);
                assertEquals(-1, headers(cut, n, n), "cut to " + n);
                assertEquals(-1, headers(cut, n, packet.length + PAYLOAD), "cut to " + n + ", the rest elsewhere");
            }
        }
    }

    @Test
    void everyWrongTotal() {
        for (int extra = -10; extra <= 10; extra++) {
            if (extra != 0) {
                assertEquals(-1, headers(V4, 44, 50 + extra));
                assertEquals(-1, headers(V6, 64, 70 + extra));
            }
        }
    }

    @Test
    void versions() {
        for (int version = 0; version < 16; version++) {
            if (version != 4) {
                refused(with(V4, 0, version << 4 | 5));
            }
            if (version != 6) {
                refused(with(V6, 0, version << 4));
            }
        }
    }

    @Test
    void ipv4HeaderLengths() {
        for (int words = 0; words < 16; words++) {
            if (words != 5) {
                refused(with(V4, 0, 0x40 | words));
            }
        }
    }

    /** Options of IPv4 are stepped over. */
    @Test
    void ipv4Options() {
        byte[] packet = new byte[48];
        System.arraycopy(V4, 0, packet, 0, 20);
        System.arraycopy(V4, 20, packet, 24, 24);
        packet[0] = 0x46;
        packet[3] = 48 + PAYLOAD;
        assertEquals(48, headers(packet, 48, 48 + PAYLOAD));
    }

    @Test
    void fragments() {
        refused(with(V4, 6, 0x20));
        refused(with(V4, 7, 1));
        refused(with(V4, 6, 0x1f));
        assertEquals(44, headers(with(V4, 6, 0), 44, 50), "may be fragmented, but isn't");
    }

    @Test
    void otherProtocols() {
        for (int protocol : new int[] {0, 1, 5, 7, 17, 58, 255}) {
            refused(with(V4, 9, protocol));
            refused(with(V6, 6, protocol));
        }
    }

    @Test
    void tcpHeaderLengths() {
        for (int words = 0; words < 16; words++) {
            if (words != 6) {
                refused(with(V4, 32, words << 4));
                refused(with(V6, 52, words << 4));
            }
        }
    }

    @Test
    void reservedBitsAreNoFlags() {
        byte[] packet = with(with(V4, 32, 0x6f), 33, 0xff);
        assertEquals(44, headers(packet, 44, 50));
        assertEquals(0x3f, Tcp.flags(HeaderWords.of(packet), 20));
    }

    @Test
    void noise() {
        Random random = new Random(7);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] packet = i % 3 == 0 ? V4.clone() : i % 3 == 1 ? V6.clone() : new byte[random.nextInt(120)];
            if (i % 3 == 2) {
                random.nextBytes(packet);
            } else {
                for (int k = random.nextInt(4); k >= 0; k--) {
                    packet[random.nextInt(packet.length)] = (byte) random.nextInt();
                }
            }
            int total = packet.length + random.nextInt(12);
            int headers = headers(packet, packet.length, total);
            if (headers >= 0) {
                assertEquals(packet.length, headers);
                long[] w = HeaderWords.of(packet);
                int from = Ip.validate(w, packet.length, total) + Tcp.HEADER;
                TcpOption.maximumSegmentSize(w, from, headers, 0);
                TcpOption.windowShift(w, from, headers);
                TcpOption.readPosition(w, from, headers);
                read++;
            }
        }
        assertTrue(read > 1000, "read " + read);
    }
}
