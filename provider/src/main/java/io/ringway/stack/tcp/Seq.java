package io.ringway.stack.tcp;

/** Comparison of sequence numbers modulo 2^32 (RFC 9293, section 3.4). */
final class Seq {
    private Seq() {}

    static boolean lessThan(int a, int b) {
        return a - b < 0;
    }

    static boolean atMost(int a, int b) {
        return a - b <= 0;
    }

    /** from =< value < from + length. */
    static boolean inWindow(int value, int from, int length) {
        return Integer.compareUnsigned(value - from, length) < 0;
    }
}
