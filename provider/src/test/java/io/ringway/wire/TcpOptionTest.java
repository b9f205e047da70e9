package io.ringway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Options as peers may send them. */
class TcpOptionTest {
    private static final int ABSENT = 536;

    private static int mss(String hex) {
        byte[] bytes = HeaderWords.bytes(hex);
        return TcpOption.maximumSegmentSize(HeaderWords.of(bytes), 0, bytes.length, ABSENT);
    }

    private static int shift(String hex) {
        byte[] bytes = HeaderWords.bytes(hex);
        return TcpOption.windowShift(HeaderWords.of(bytes), 0, bytes.length);
    }

    private static long position(String hex) {
        byte[] bytes = HeaderWords.bytes(hex);
        return TcpOption.readPosition(HeaderWords.of(bytes), 0, bytes.length);
    }

    @Test
    void none() {
        assertEquals(ABSENT, mss(""));
        assertEquals(-1, shift(""));
        assertEquals(0, position(""));
        assertEquals(ABSENT, mss("01010101"));
    }

    @Test
    void anywhere() {
        assertEquals(0x1234, mss("02041234"));
        assertEquals(0x1234, mss("01 02041234"));
        assertEquals(0x1234, mss("0101 02041234"));
        assertEquals(0x1234, mss("010101 02041234"));
        assertEquals(7, shift("02041234 030307"));
        assertEquals(7, shift("080a0000000000000000 030307 02041234"));
        assertEquals(5, position("01 fd0c5257 0000000000000005"));
        assertEquals(-1, position("0101 fd0c5257 ffffffffffffffff"));
    }

    @Test
    void linux() {
        String options = "020405b4 0402 080a 0011223344556677 01 030307";
        assertEquals(1460, mss(options));
        assertEquals(7, shift(options));
        assertEquals(0, position(options));
    }

    @Test
    void behindTheEndNothingCounts() {
        assertEquals(ABSENT, mss("00 02041234"));
        assertEquals(-1, shift("02041234 00 030307"));
    }

    @Test
    void wrongLengths() {
        assertEquals(ABSENT, mss("0203 12 01"));
        assertEquals(ABSENT, mss("0205 123456"));
        assertEquals(-1, shift("0302"));
        assertEquals(-1, shift("0304 0707"));
        assertEquals(0, position("fd08 5257 00000005"));
        assertEquals(0, position("fd0c 5258 0000000000000005"));
    }

    @Test
    void malformed() {
        assertEquals(ABSENT, mss("0800 02041234"), "length 0");
        assertEquals(ABSENT, mss("0801 02041234"), "length 1");
        assertEquals(ABSENT, mss("08ff 02041234"), "longer than the header");
        assertEquals(ABSENT, mss("01010108"), "no room for a length");
        assertEquals(ABSENT, mss("0204"), "cut off");
        assertEquals(ABSENT, mss("020412"), "cut off");
        assertEquals(-1, shift("0303"), "cut off");
        assertEquals(0, position("fd0c52570000"), "cut off");
    }

    @Test
    void scaleOfMoreThanFourteen() {
        assertEquals(14, shift("03030e"));
        assertEquals(14, shift("03030f"));
        assertEquals(14, shift("0303ff"));
        assertEquals(0, shift("030300"));
    }

    @Test
    void theFirstOfSeveralCounts() {
        assertEquals(0x1111, mss("02041111 02042222"));
    }

    @Test
    void noise() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(41)];
            random.nextBytes(bytes);
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = random.nextBoolean() ? bytes[k] : (byte) random.nextInt(13);
            }
            long[] w = HeaderWords.of(bytes);
            int mss = TcpOption.maximumSegmentSize(w, 0, bytes.length, ABSENT);
            assertEquals(mss, mss & 0xffff);
            int shift = TcpOption.windowShift(w, 0, bytes.length);
            assertEquals(shift, Math.clamp(shift, -1, 14));
            TcpOption.readPosition(w, 0, bytes.length);
        }
    }
}
