package io.ringway.stack.memory;

/** Headers as a stack gets them: big-endian words. */
public final class Headers {
    private Headers() {}

    /** Exactly as many words as the bytes need. */
    public static long[] words(byte[] bytes) {
        long[] words = new long[(bytes.length + 7) / 8];
        for (int i = 0; i < bytes.length; i++) {
            words[i >>> 3] |= (bytes[i] & 0xffL) << 56 - (i & 7) * 8;
        }
        return words;
    }
}
