package io.ringway.wire;

import java.util.HexFormat;

/** Headers as a device queue hands them over: big-endian words. */
final class HeaderWords {
    private HeaderWords() {}

    static long[] of(byte[] bytes) {
        long[] words = new long[bytes.length / 8 + 1];
        for (int i = 0; i < words.length * 8; i++) {
            int b = i < bytes.length ? bytes[i] & 0xff : 0xdd;
            words[i / 8] = words[i / 8] << 8 | b;
        }
        return words;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
