package io.ringway.stack;

import io.ringway.stack.tcp.Segment;
import io.ringway.wire.Ip;
import io.ringway.wire.Tcp;

/**
 * The headers that nearly every segment has, taken apart by whole words: IPv4 and TCP without options, no SYN. They say the
 * same as the accessors of {@link Ip} and {@link Tcp} do, in a single method: what a message costs a process that has just
 * started is mostly calls.
 */
final class PlainHeaders {
    private static final int LENGTH = Ip.V4_HEADER + Tcp.HEADER;
    private static final int VERSION_AND_LENGTH = 0x45;
    private static final int DATA_OFFSET = Tcp.HEADER / Integer.BYTES;
    private static final int FRAGMENT = 0x3fff;
    private static final int U8 = 0xff;
    private static final int U16 = 0xffff;
    private static final long U32 = 0xffff_ffffL;

    private PlainHeaders() {}

    /** Fills in {@code s}; false, with {@code s} untouched, if the headers are others, or broken. */
    static boolean parse(Segment s, long[] words, int headerLength, int payloadLength) {
        if (headerLength != LENGTH) {
            return false;
        }
        long first = words[0];
        long second = words[1];
        long control = words[4];
        boolean plain = first >>> 56 == VERSION_AND_LENGTH
                && (first >>> 32 & U16) == LENGTH + payloadLength
                && (first & FRAGMENT) == 0
                && (second >>> 48 & U8) == Ip.PROTOCOL_TCP
                && control >>> 60 == DATA_OFFSET;
        int flags = (int) (control >>> 48) & 0x3f;
        if (!plain || (flags & Tcp.SYN) != 0) {
            return false;
        }
        long third = words[2];
        long numbers = words[3];
        s.sourceHigh = 0;
        s.sourceLow = Ip.V4_MAPPED | second & U32;
        s.destinationHigh = 0;
        s.destinationLow = Ip.V4_MAPPED | third >>> 32;
        s.sourcePort = (int) (third >>> 16) & U16;
        s.destinationPort = (int) third & U16;
        s.seq = (int) (numbers >>> 32);
        s.ack = (int) numbers;
        s.flags = flags;
        s.wnd = (int) (control >>> 32) & U16;
        return true;
    }
}
