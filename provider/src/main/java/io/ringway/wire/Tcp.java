package io.ringway.wire;

/** The TCP header (RFC 9293, section 3.1). */
public final class Tcp {
    public static final int HEADER = 20;
    public static final int MAX_HEADER = 60;
    public static final int FIN = 1;
    public static final int SYN = 1 << 1;
    public static final int RST = 1 << 2;
    public static final int PSH = 1 << 3;
    public static final int ACK = 1 << 4;
    public static final int URG = 1 << 5;

    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT = 18;

    private Tcp() {}

    /**
     * Checks the header at {@code at}.
     *
     * @param end where the headers end
     * @return the header's length, or -1 if it doesn't end exactly at {@code end}
     */
    public static int validate(long[] s, int at, int end) {
        if (end - at < HEADER) {
            return -1;
        }
        int length = (NetworkOrder.u8(s, at + DATA_OFFSET) >>> 4) * 4;
        return length >= HEADER && at + length == end ? length : -1;
    }

    public static int sourcePort(long[] s, int at) {
        return NetworkOrder.u16(s, at);
    }

    public static int destinationPort(long[] s, int at) {
        return NetworkOrder.u16(s, at + 2);
    }

    public static int sequence(long[] s, int at) {
        return NetworkOrder.i32(s, at + SEQUENCE);
    }

    public static int acknowledgment(long[] s, int at) {
        return NetworkOrder.i32(s, at + ACKNOWLEDGMENT);
    }

    public static int flags(long[] s, int at) {
        return NetworkOrder.u8(s, at + FLAGS) & 0x3f;
    }

    /** The window field as sent, unscaled. */
    public static int window(long[] s, int at) {
        return NetworkOrder.u16(s, at + WINDOW);
    }

    /** The word of data offset, flags and window. */
    public static int control(int headerLength, int flags, int window) {
        return (headerLength / 4 << 12 | flags) << 16 | window;
    }

    /** The urgent pointer (only where URG is set). */
    public static int urgentPointer(long[] s, int at) {
        return NetworkOrder.u16(s, at + URGENT);
    }
}
